import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { Link, navigate, usePlace } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { plural } from '../../../format/text';
import { fetchTrace, targetText, type Hop, type Trace } from '../api';
import { CallDetails } from '../calls/CallDetails';
import { Said } from '../Said';
import shared from '../agents.module.css';
import { eventText, outcomeOf } from '../words';
import styles from './TracePage.module.css';

/** A task of a user across all hops: who called whom on whose behalf, by which policy, and what came of it. */
export function TracePage() {
  const params = new URLSearchParams(usePlace().query);
  const id = params.get('id') ?? '';
  const [version, setVersion] = useState(0);
  const fetched = useFetched(id, String(version), (signal) => fetchTrace(id, signal));
  useTitle('Trace');
  const reload = () => setVersion((last) => last + 1);
  const trace = fetched.state === 'done' ? fetched.value : null;
  const flat = trace ? flattened(trace.calls, 0) : [];
  const asked = Number(params.get('call') ?? Number.NaN);
  const chosen = flat.find(({ hop }) => hop.sequence === asked) ?? flat[0];
  const choose = (hop: Hop) => navigate(`/trace?id=${encodeURIComponent(id)}&call=${hop.sequence}`, 'replace');
  const move = (step: number) => {
    const index = chosen ? flat.indexOf(chosen) : -1;
    const next = flat[Math.max(0, Math.min(index + step, flat.length - 1))];
    if (next) choose(next.hop);
  };
  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Home: () => flat[0] && choose(flat[0].hop),
    End: () => flat.length > 0 && choose(flat.at(-1)!.hop),
    r: reload,
    Escape: () => navigate('/'),
  });
  return (
    <PageFrame parent={{ href: '/', label: 'Calls' }} title={`Trace ${id.slice(0, 16)}`} marks={trace && <Marks trace={trace} hops={flat.map(({ hop }) => hop)} />} actions={<Button onClick={reload}>Reload</Button>}>
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading the trace">Its calls, from the user’s own agent on.</Notice>}
      {fetched.state === 'failed' && (
        <Notice icon="search" title="This trace cannot be shown" action={<Button onClick={reload}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {trace && (
        <div className={styles.columns}>
          <div>
            <ol className={styles.tree} role="tree" aria-label="Calls of the trace">
              {flat.map(({ hop, depth }) => (
                <li
                  key={hop.sequence}
                  role="treeitem"
                  aria-level={depth + 1}
                  aria-selected={hop === chosen?.hop}
                  data-hop={hop.sequence}
                  className={classes(styles.hop, hop === chosen?.hop && shared.current)}
                  style={{ paddingLeft: 14 + depth * 26 }}
                  onClick={() => choose(hop)}
                >
                  <span className={styles.line}>
                    <b>{hop.agent}</b> → {hop.action} <b>{targetText(hop.target)}</b> <Said verdict={hop.verdict} pending={hop.pending} />
                  </span>
                  <span className={shared.dim}>
                    {hop.user.subject === '' ? 'for nobody' : `for ${hop.user.subject}`}
                    {hop.policies.length > 0 && ` · by ${hop.policies.join(', ')}`} · {outcomeOf(hop) === '' ? 'goes on' : outcomeOf(hop)}
                  </span>
                </li>
              ))}
            </ol>
            {trace.others.length > 0 && (
              <p className={shared.dim}>Beside these calls: {trace.others.map((event) => `${eventText(event)} (record ${event.sequence})`).join('; ')}.</p>
            )}
          </div>
          {chosen && (
            <aside className={styles.details} aria-label="Call">
              <CallDetails call={chosen.hop} />
            </aside>
          )}
        </div>
      )}
      {trace && (
        <p className={shared.dim}>
          A trace id is the caller’s own word; the tree follows the chains that the gateway counted. <Link className={shared.link} href="/">All calls</Link>
        </p>
      )}
    </PageFrame>
  );
}

function Marks({ trace, hops }: { readonly trace: Trace; readonly hops: readonly Hop[] }) {
  const depth = Math.max(0, ...hops.map((hop) => hop.chain.length));
  return (
    <>
      <Badge>{plural(hops.length, 'call')}</Badge>
      <Badge>{plural(depth, 'hop')} deep</Badge>
      {trace.calls[0] && trace.calls[0].user.subject !== '' && <Badge>for {trace.calls[0].user.subject}</Badge>}
    </>
  );
}

function flattened(hops: readonly Hop[], depth: number): readonly { readonly hop: Hop; readonly depth: number }[] {
  return hops.flatMap((hop) => [{ hop, depth }, ...flattened(hop.calls, depth + 1)]);
}
