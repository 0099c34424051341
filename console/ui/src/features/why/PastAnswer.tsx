import { useFetched } from '../../api/useFetched';
import { Link } from '../../app/router';
import { Button } from '../../design/Button';
import { Notice } from '../../design/Notice';
import { plural } from '../../format/text';
import { formatFullTime } from '../../format/time';
import { FlowDecoder } from '../flows/api/decode';
import type { Flow } from '../flows/model/flow';
import { fetchTiers } from '../verdict/api/policies';
import type { Tier } from '../verdict/chain';
import { VerdictMark } from '../verdict/components/VerdictMark';
import { directionOf, judgedEndpoint, qualified } from '../verdict/words';
import { fetchPastWhy, type PastWhy, type Question } from './api';
import { Chain } from './Chain';
import { whyHref } from './state';
import styles from './WhyPage.module.css';

/** More than these are in the list of flows. */
const SHOWN = 20;

interface PastAnswerProps {
  readonly question: Question;
  readonly at: number;
}

/** What was recorded about a time, with the chains that judged it then. */
export function PastAnswer({ question, at }: PastAnswerProps) {
  const fetched = useFetched('past', '', async (signal) => ({ past: await fetchPastWhy(question, at, signal), tiers: await fetchTiers(signal) }));
  switch (fetched.state) {
    case 'loading':
      return (
        <Notice icon="pending" title="Looking">
          The history is read for flows between the two.
        </Notice>
      );
    case 'failed':
      return (
        <Notice icon="search" title="The history cannot be asked this" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      );
    case 'done':
      return <Answer past={fetched.value.past} tiers={fetched.value.tiers} at={at} />;
  }
}

function Answer({ past, tiers, at }: { readonly past: PastWhy; readonly tiers: readonly Tier[]; readonly at: number }) {
  if (past.within_seconds === null) {
    return (
      <Notice icon="search" title="Nothing is on record about then">
        No flow between the two within an hour of {formatFullTime(at)}: {past.missing}.
      </Notice>
    );
  }
  const decoder = new FlowDecoder();
  const flows = past.items.slice(0, SHOWN).map((wire) => decoder.fromWire(wire));
  return (
    <div className={styles.answer}>
      <p className={styles.note}>
        {plural(past.items.length, 'flow')} within {past.within_seconds < 60 ? `${past.within_seconds} seconds` : plural(past.within_seconds / 60, 'minute')} of{' '}
        {formatFullTime(at)}
        {past.items.length > SHOWN && `, the newest ${SHOWN} are shown`}. Verdicts and chains are those of then; the text of a rule is that of now.
      </p>
      <div className={styles.steps}>
        {flows.map((flow) => (
          <Past key={flow.id} flow={flow} tiers={tiers} />
        ))}
      </div>
    </div>
  );
}

function Past({ flow, tiers }: { readonly flow: Flow; readonly tiers: readonly Tier[] }) {
  const direction = directionOf(flow.reporter);
  const label = `${direction === 'egress' ? 'Egress' : 'Ingress'} at ${qualified(judgedEndpoint(flow))}`;
  return (
    <Chain
      label={label}
      title={
        <>
          {label} <VerdictMark verdict={flow.verdict} />
          <small>
            {flow.protocol} {flow.port > 0 && flow.port}, {formatFullTime(flow.start)}
          </small>
          <Link href={`/?flow=${encodeURIComponent(flow.id)}`}>The flow</Link>
          <Link href={whyHref(flow, null)}>Judge it now</Link>
        </>
      }
      trace={flow.trace}
      tiers={tiers}
      direction={direction}
      version={flow.id}
    />
  );
}
