import { Badge, type Tone } from '../../../design/Badge';
import { formatCount } from '../../../format/text';
import { formatAge } from '../../../format/time';
import type { ClusterNode, NodeState, Programming } from '../api';
import { Histogram } from './Histogram';
import styles from './NodeCard.module.css';

const ADVICE: Readonly<Record<NodeState, string>> = {
  ok: '',
  degraded: 'The kernel refused a change, or events are dropped: look at the node’s log.',
  silent: 'Not heard of for a minute: what it enforces stays, but changes may not reach it. Look whether its process runs.',
  unknown: 'It belongs to the cluster but never reported: start margay node there.',
};

interface NodeCardProps {
  readonly node: ClusterNode;
  readonly tone: Tone;
  readonly now: number;
}

export function NodeCard({ node, tone, now }: NodeCardProps) {
  const drops = Object.entries(node.dropped).filter(([, count]) => count > 0);
  return (
    <section className={styles.card} aria-label={`Node ${node.name}`}>
      <header>
        <h2>{node.name}</h2>
        <Badge tone={tone}>{node.state}</Badge>
        <span>
          {node.last_seen === null ? 'never heard of' : `heard of ${formatAge(Math.min(now, Date.parse(node.last_seen)), now)}`}
        </span>
      </header>
      {ADVICE[node.state] !== '' && <p className={styles.advice}>{ADVICE[node.state]}</p>}
      <dl className={styles.facts}>
        <Fact label="version" value={node.version ?? 'unknown'} />
        <Fact label="dataplane" value={node.dataplane ?? 'unknown'} />
        <Fact label="endpoints" value={formatCount(node.endpoints)} />
        {Object.entries(node.tables).map(([name, size]) => (
          <Fact key={name} label={name.replaceAll('_', ' ')} value={formatCount(size)} />
        ))}
      </dl>
      <Latency programming={node.programming} />
      <p className={styles.drops} data-some={drops.length > 0 || undefined}>
        {drops.length === 0 ? 'Nothing dropped.' : `Dropped: ${drops.map(([reason, count]) => `${reason.replaceAll('-', ' ')} ${formatCount(count)}`).join(', ')}`}
      </p>
    </section>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** From a change's arrival until the kernel has it. */
function Latency({ programming }: { readonly programming: Programming | null }) {
  if (programming === null) return <p className={styles.latency}>No change was programmed yet.</p>;
  const { p50_millis: median, p99_millis: high, last_millis: last, changes, failures, times } = programming;
  const scale = Math.max(high, last, 1);
  return (
    <div className={styles.latency}>
      <p>
        Programming, {formatCount(changes)} changes
        {failures > 0 && <b> · {formatCount(failures)} failed</b>}
      </p>
      {(
        [
          ['median', median],
          ['99 %', high],
          ['last', last],
        ] as const
      ).map(([label, millis]) => (
        <div key={label} className={styles.bar}>
          <span>{label}</span>
          <i style={{ width: `${Math.max(1, (millis / scale) * 100)}%` }} />
          <span>{millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms</span>
        </div>
      ))}
      <Histogram times={times} />
    </div>
  );
}
