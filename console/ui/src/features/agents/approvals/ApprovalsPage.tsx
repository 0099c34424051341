import { useState } from 'react';
import { usePolled } from '../../../api/usePolled';
import { Link } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Badge, type Tone } from '../../../design/Badge';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatAge, formatDuration, formatFullTime } from '../../../format/time';
import { useNow } from '../../flows/hooks/useNow';
import tables from '../../traffic/tables.module.css';
import shared from '../agents.module.css';
import { agentHref, traceHref } from '../api';
import { Fact, Facts } from '../Facts';
import { decide, fetchApprovals, type Approval, type Approvals } from './api';
import { DecideDialog } from './DecideDialog';
import { printable } from './printable';

const PERIOD_MILLIS = 2_000;
const STATE_TONES: Readonly<Record<Approval['state'], Tone>> = { PENDING: 'warn', APPROVED: 'allow', USED: 'allow', REFUSED: 'deny', EXPIRED: 'plain' };

const CODEC = {
  parse: (query: string) => ({ name: new URLSearchParams(query).get('name') ?? '' }),
  format: ({ name }: { readonly name: string }) => (name === '' ? '' : `?name=${encodeURIComponent(name)}`),
  isStep: () => false,
};

/** Calls that wait for people, with their exact arguments. */
export function ApprovalsPage() {
  const { value, problem, reload } = usePolled(fetchApprovals, PERIOD_MILLIS);
  const [{ name }, update] = useUrlState(CODEC);
  const [asking, setAsking] = useState<{ readonly approval: Approval; readonly verb: 'approve' | 'refuse' } | null>(null);
  const now = useNow(true);
  useTitle('Approvals');
  const pending = value?.pending ?? [];
  const current = pending.find((approval) => approval.name === name) ?? pending[0];
  const move = (step: number) => {
    const index = current ? pending.indexOf(current) : -1;
    const next = pending[Math.max(0, Math.min(index + step, pending.length - 1))];
    if (next) update({ name: next.name });
  };
  const ask = (verb: 'approve' | 'refuse') => value?.may_approve && current && setAsking({ approval: current, verb });
  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    a: () => ask('approve'),
    r: () => ask('refuse'),
  });
  return (
    <PageFrame title="Approvals" marks={value && <Badge tone={pending.length > 0 ? 'warn' : 'plain'}>{pending.length} waiting</Badge>}>
      {problem !== '' && value && <Banner icon="plug">These are from before: {problem}.</Banner>}
      {!value && (
        <Notice icon={problem === '' ? 'pending' : 'plug'} title={problem === '' ? 'Loading' : 'Approvals cannot be loaded'}>
          {problem === '' ? 'Calls that wait for people.' : `${problem}.`}
        </Notice>
      )}
      {value && (
        <div className={shared.page}>
          <Load load={value.load} />
          {!value.may_approve && <p className={shared.dim}>You may look, but approving needs a right of its own, and a name: sign in as somebody who has it.</p>}
          {pending.length === 0 && (
            <Notice icon="done" title="Nothing waits">
              A call that a policy with <code>@hold</code> permits appears here before it goes on.
            </Notice>
          )}
          {pending.map((approval) => (
            <Waiting
              key={approval.name}
              approval={approval}
              now={now}
              current={approval === current}
              mayApprove={value.may_approve}
              onAsk={(verb) => {
                update({ name: approval.name });
                setAsking({ approval, verb });
              }}
            />
          ))}
          {value.decided.length > 0 && <Decided approvals={value.decided} now={now} />}
        </div>
      )}
      {asking && (
        <DecideDialog
          title={`${asking.verb === 'approve' ? 'Approve' : 'Refuse'} this call?`}
          verb={asking.verb === 'approve' ? 'Approve' : 'Refuse'}
          danger={asking.verb === 'refuse'}
          needsReason={asking.verb === 'refuse'}
          onDecide={(reason) => decide(asking.approval.name, asking.verb, reason)}
          onDone={() => {
            setAsking(null);
            reload();
          }}
          onClose={() => setAsking(null)}
        >
          <p>
            <b>{asking.approval.agent}</b> wants {asking.approval.action} of <b>{asking.approval.target}</b> with
          </p>
          <pre className={shared.code}>{printable(asking.approval.arguments)}</pre>
        </DecideDialog>
      )}
    </PageFrame>
  );
}

/** Somebody who decides much within seconds has stopped reading. */
function Load({ load }: { readonly load: Approvals['load'] }) {
  const people = Object.entries(load.decisions_last_day);
  return (
    <section className={shared.card} aria-label="Load">
      <dl className={shared.figures}>
        <div>
          <dt>waiting</dt>
          <dd>{load.open}</dd>
        </div>
        <div>
          <dt>the first waits for</dt>
          <dd>{load.oldest_seconds === null ? '–' : formatDuration(load.oldest_seconds * 1000)}</dd>
        </div>
        <div>
          <dt>median time to a decision</dt>
          <dd>{load.median_seconds === null ? '–' : formatDuration(load.median_seconds * 1000)}</dd>
        </div>
        <div>
          <dt>decisions of the last day</dt>
          <dd>{people.length === 0 ? 'none' : people.map(([name, count]) => `${name} ${count}`).join(', ')}</dd>
        </div>
      </dl>
    </section>
  );
}

interface WaitingProps {
  readonly approval: Approval;
  readonly now: number;
  readonly current: boolean;
  readonly mayApprove: boolean;
  readonly onAsk: (verb: 'approve' | 'refuse') => void;
}

function Waiting({ approval, now, current, mayApprove, onAsk }: WaitingProps) {
  const left = Date.parse(approval.expires) - now;
  return (
    <section className={classes(shared.card, current && shared.current)} aria-label={`${approval.agent} → ${approval.target}`} aria-current={current || undefined} data-approval={approval.name}>
      <h2>
        {approval.agent} → {approval.target}
        <small>
          asked {formatAge(Date.parse(approval.asked), now)}, expires {left > 0 ? `in ${formatDuration(left)}` : 'now'}
        </small>
      </h2>
      <Facts>
        <Fact label="arguments">
          <code className={shared.code}>{printable(approval.arguments)}</code>
        </Fact>
        <Fact label="on behalf of">{approval.user === '' ? 'nobody' : approval.user}</Fact>
        <Fact label="agent">
          <Link href={agentHref(approval.agent)}>{approval.agent}</Link> <span className={shared.code}>{approval.workload}</span>
        </Fact>
        <Fact label="held by">
          {approval.policies.join(', ')} in tier {approval.tier}
        </Fact>
        <Fact label="needs">
          {approval.count === 1 ? 'one person' : `${approval.count} people`} of {approval.approvers.length === 0 ? 'anybody who may approve' : approval.approvers.join(', ')}
          {approval.votes.length > 0 && `; so far ${approval.votes.map((vote) => vote.approver).join(', ')}`}
        </Fact>
        <Fact label="trace">
          <Link href={traceHref(approval)}>{approval.trace.slice(0, 16)}</Link>
        </Fact>
      </Facts>
      {mayApprove && (
        <footer>
          <Button primary icon="done" title="Approve (a)" onClick={() => onAsk('approve')}>
            Approve …
          </Button>
          <Button danger icon="deny" title="Refuse (r)" onClick={() => onAsk('refuse')}>
            Refuse …
          </Button>
        </footer>
      )}
    </section>
  );
}

function Decided({ approvals, now }: { readonly approvals: readonly Approval[]; readonly now: number }) {
  return (
    <section className={tables.section} aria-label="Decided">
      <h2>
        Decided <small>{approvals.length}</small>
      </h2>
      <div className={tables.frame} role="region" aria-label="Decided calls, table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Asked</th>
              <th scope="col">Call</th>
              <th scope="col">Arguments</th>
              <th scope="col">State</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {approvals.map((approval) => (
              <tr key={approval.name}>
                <td title={formatFullTime(Date.parse(approval.asked))}>{formatAge(Date.parse(approval.asked), now)}</td>
                <td>
                  {approval.agent} → {approval.target}
                </td>
                <td className={classes(shared.code, shared.wrapping)}>{printable(approval.arguments)}</td>
                <td>
                  <Badge tone={STATE_TONES[approval.state]}>{approval.state.toLowerCase()}</Badge>
                </td>
                <td className={shared.wrapping}>{approval.votes.map((vote) => `${vote.approver}${vote.reason === '' ? '' : `: ${vote.reason}`}`).join('; ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
