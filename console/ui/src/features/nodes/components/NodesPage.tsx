import { useCallback } from 'react';
import { usePolled } from '../../../api/usePolled';
import { useTitle } from '../../../app/useTitle';
import { Badge, type Tone } from '../../../design/Badge';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatBytes, formatCount, plural } from '../../../format/text';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../flows/hooks/useNow';
import { droppedTotal, fetchStatus, type Status } from '../../status/status';
import { fetchNodes, type ClusterNode, type NodeState } from '../api';
import { NodeCard } from './NodeCard';
import styles from './NodesPage.module.css';

const PERIOD_MILLIS = 5_000;

const TONES: Readonly<Record<NodeState, Tone>> = { ok: 'allow', degraded: 'warn', silent: 'deny', unknown: 'plain' };

/** The nodes and the flows process: how fast, how large, and what was dropped. */
export function NodesPage() {
  const load = useCallback(async (signal: AbortSignal) => ({ nodes: await fetchNodes(signal), status: await fetchStatus(signal) }), []);
  const { value, problem, reload } = usePolled(load, PERIOD_MILLIS);
  const now = useNow(true);
  useTitle('Nodes');
  return (
    <PageFrame title="Nodes and health" marks={value && <States nodes={value.nodes} />}>
      {value && problem !== '' && <Banner icon="plug">These figures are from before: {problem}.</Banner>}
      {!value && problem === '' && <Notice icon="pending" title="Loading">The nodes of the cluster.</Notice>}
      {!value && problem !== '' && (
        <Notice icon="plug" title="The nodes cannot be loaded" action={<Button onClick={reload}>Try again</Button>}>
          {problem}.
        </Notice>
      )}
      {value && (
        <>
          <Server status={value.status} now={now} />
          {value.nodes.length === 0 ? (
            <Notice icon="plug" title="No node has reported yet">
              Start <code>margay node</code> on each machine; it appears here with its first report.
            </Notice>
          ) : (
            <div className={styles.nodes}>
              {value.nodes.map((node) => (
                <NodeCard key={node.name} node={node} tone={TONES[node.state]} now={now} />
              ))}
            </div>
          )}
        </>
      )}
    </PageFrame>
  );
}

function States({ nodes }: { readonly nodes: readonly ClusterNode[] }) {
  const states = ['ok', 'degraded', 'silent', 'unknown'] as const;
  return states.map((state) => {
    const count = nodes.filter((node) => node.state === state).length;
    return (
      count > 0 && (
        <Badge key={state} tone={TONES[state]}>
          {count} {state}
        </Badge>
      )
    );
  });
}

/** The process that serves this page. */
function Server({ status, now }: { readonly status: Status; readonly now: number }) {
  const dropped = droppedTotal(status);
  return (
    <section className={styles.server} aria-label="Flows process">
      <h2>Flows process</h2>
      <dl>
        <Fact label="version">{status.version}</Fact>
        <Fact label="dataplane">{status.dataplane}</Fact>
        <Fact label="up for">{formatDuration(Math.max(0, now - Date.parse(status.started_at)))}</Fact>
        <Fact label="events taken in">{formatCount(status.flows?.events ?? 0)}</Fact>
        <Fact label="flows in memory">{formatCount(status.flows?.flows ?? 0)}</Fact>
        <Fact label="open streams">{formatCount(status.flows?.streams ?? 0)}</Fact>
        <Fact label="history on disk">{historyText(status, now)}</Fact>
        <Fact label="not recorded" tone={dropped > 0 ? 'warn' : undefined}>
          {dropped === 0 ? 'nothing' : plural(dropped, 'event')}
        </Fact>
      </dl>
      {dropped > 0 && (
        <p className={styles.drops}>
          {Object.entries(status.dropped)
            .filter(([, count]) => count > 0)
            .map(([reason, count]) => `${reason.replaceAll('-', ' ')}: ${formatCount(count)}`)
            .join(' · ')}
        </p>
      )}
    </section>
  );
}

function historyText({ history }: Status, now: number): string {
  if (!history) return 'none, memory only';
  const since = history.oldest === null ? 'empty so far' : `back ${formatDuration(now - Date.parse(history.oldest))}`;
  return `${formatBytes(history.bytes)}, ${since}`;
}

interface FactProps {
  readonly label: string;
  readonly tone?: string | undefined;
  readonly children: string;
}

function Fact({ label, tone, children }: FactProps) {
  return (
    <div data-tone={tone}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
