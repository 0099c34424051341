import type { ReactNode } from 'react';
import { classes } from '../../../design/classes';
import { Icon } from '../../../design/Icon';
import { formatBytes, formatCount } from '../../../format/text';
import { formatAge, formatClock, formatFullTime } from '../../../format/time';
import { isDefaultAction } from '../../verdict/chain';
import { PendingMark, VerdictMark } from '../../verdict/components/VerdictMark';
import { decisionTitle, directionOf, kindAbbreviation, qualified } from '../../verdict/words';
import { peerText } from '../filters/peers';
import type { ColumnId } from '../model/columns';
import { decidingHit, pendingDiffers, type Endpoint, type Flow, type Hit } from '../model/flow';
import styles from './cells.module.css';

interface Cell {
  readonly className?: string | undefined;
  readonly title?: (flow: Flow) => string;
  /** @param ageAt the time that ages are told for; null asks for the clock */
  readonly content: (flow: Flow, ageAt: number | null) => ReactNode;
}

/** What stands in each column. */
const CELLS: Readonly<Record<ColumnId, Cell>> = {
  time: {
    className: styles.time,
    title: (flow) => formatFullTime(flow.start),
    content: (flow, ageAt) => (ageAt === null ? formatClock(flow.start) : formatAge(Math.min(flow.end, ageAt), ageAt)),
  },
  end: { className: styles.time, title: (flow) => formatFullTime(flow.end), content: (flow) => formatClock(flow.end) },
  verdict: {
    className: styles.verdict,
    content: (flow) => (
      <>
        <VerdictMark verdict={flow.verdict} />
        {pendingDiffers(flow) && <PendingMark pending={flow.pending} />}
      </>
    ),
  },
  pending: {
    className: styles.verdict,
    content: (flow) => (pendingDiffers(flow) ? <PendingMark pending={flow.pending} /> : <span className={styles.dim}>the same</span>),
  },
  source: { className: styles.endpoint, title: (flow) => peerText(flow.source), content: (flow) => <Peer endpoint={flow.source} /> },
  source_namespace: { content: (flow) => flow.source.namespace || <span className={styles.dim}>none</span> },
  source_name: { className: styles.endpoint, title: (flow) => peerText(flow.source), content: (flow) => <Name endpoint={flow.source} /> },
  dest: {
    className: classes(styles.endpoint, styles.led),
    title: (flow) => peerText(flow.dest),
    content: (flow) => (
      <>
        <Icon name="arrow" size={12} />
        <span className={styles.name}>
          <Peer endpoint={flow.dest} />
        </span>
      </>
    ),
  },
  dest_namespace: { content: (flow) => flow.dest.namespace || <span className={styles.dim}>none</span> },
  dest_name: { className: styles.endpoint, title: (flow) => peerText(flow.dest), content: (flow) => <Name endpoint={flow.dest} /> },
  protocol: { className: styles.dim, content: (flow) => flow.protocol },
  dest_port: { content: (flow) => (flow.port > 0 ? flow.port : '') },
  port: {
    content: (flow) => (
      <>
        <span className={styles.dim}>{flow.protocol}</span> {flow.port > 0 && flow.port}
      </>
    ),
  },
  service: { className: styles.dim, title: (flow) => flow.service, content: (flow) => flow.service },
  reporter: { className: styles.small, content: (flow) => directionOf(flow.reporter) },
  policy: { content: (flow) => <Decision hit={decidingHit(flow.trace.enforced)} /> },
  tier: { className: styles.small, content: (flow) => decidingHit(flow.trace.enforced)?.tier || 'profiles' },
  packets: { className: styles.number, content: (flow) => formatCount(flow.packets) },
  bytes: { className: styles.number, content: (flow) => formatBytes(flow.bytes) },
};

interface FlowCellProps {
  readonly column: ColumnId;
  readonly flow: Flow;
  readonly ageAt: number | null;
}

export function FlowCell({ column, flow, ageAt }: FlowCellProps) {
  const cell = CELLS[column];
  return (
    <span role="gridcell" className={classes(styles.cell, cell.className)} title={cell.title?.(flow)}>
      {cell.content(flow, ageAt)}
    </span>
  );
}

/** The rule that decided and its tier, or whose default action did and because of which policy. */
function Decision({ hit }: { readonly hit: Hit | undefined }) {
  if (!hit || isDefaultAction(hit)) {
    return (
      <>
        <span className={styles.fallback}>{decisionTitle(hit)}</span>
        {hit?.trigger && <span className={styles.dim}> · {qualified(hit.trigger)}</span>}
      </>
    );
  }
  return (
    <>
      <span className={styles.kind}>{kindAbbreviation(hit.kind)}</span>
      {qualified(hit)}
      <span className={styles.dim}>
        {' '}
        #{hit.ruleIndex}
        {hit.tier && ` · ${hit.tier}`}
      </span>
    </>
  );
}

function Peer({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <>
      {endpoint.namespace && <span className={styles.namespace}>{endpoint.namespace}/</span>}
      <Name endpoint={endpoint} />
    </>
  );
}

function Name({ endpoint }: { readonly endpoint: Endpoint }) {
  return <span className={classes(endpoint.namespace === '' && styles.outside)}>{endpoint.name}</span>;
}
