import { memo } from 'react';
import { classes } from '../../../design/classes';
import { Icon } from '../../../design/Icon';
import { formatBytes } from '../../../format/text';
import { formatAge, formatClock, formatFullTime } from '../../../format/time';
import { PendingMark, VerdictMark } from '../../verdict/components/VerdictMark';
import { decisionTitle, directionOf, kindAbbreviation } from '../../verdict/words';
import { decidingHit, pendingDiffers, type Endpoint, type Flow } from '../model/flow';
import styles from './FlowRow.module.css';

export const ROW_HEIGHT = 30;

/** The id of a row's element, for `aria-activedescendant`. */
export function rowElementId(flowId: string): string {
  return `flow-${flowId}`;
}

interface FlowRowProps {
  readonly flow: Flow;
  readonly index: number;
  readonly current: boolean;
  readonly selected: boolean;
  /** The age in words is wanted for this time; null asks for the clock. */
  readonly ageAt: number | null;
  readonly onOpen: (id: string) => void;
}

export const FlowRow = memo(function FlowRow({ flow, index, current, selected, ageAt, onOpen }: FlowRowProps) {
  const hit = decidingHit(flow.trace.enforced);
  return (
    <div
      id={rowElementId(flow.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes(styles.row, flow.verdict === 'deny' && styles.denied, current && styles.current, selected && styles.selected)}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      onPointerDown={(event) => event.button === 0 && onOpen(flow.id)}
    >
      <span role="gridcell" className={styles.time} title={formatFullTime(flow.start)}>
        {ageAt === null ? formatClock(flow.start) : formatAge(Math.min(flow.end, ageAt), ageAt)}
      </span>
      <span role="gridcell" className={styles.verdict}>
        <VerdictMark verdict={flow.verdict} />
        {pendingDiffers(flow) && <PendingMark pending={flow.pending} />}
      </span>
      <EndpointCell endpoint={flow.source} />
      <span className={styles.arrow} aria-hidden="true">
        <Icon name="arrow" size={12} />
      </span>
      <EndpointCell endpoint={flow.dest} />
      <span role="gridcell" className={styles.port}>
        <span className={styles.dim}>{flow.protocol}</span> {flow.port > 0 && flow.port}
      </span>
      <span role="gridcell" className={classes(styles.reporter, styles.dim)}>
        {directionOf(flow.reporter)}
      </span>
      <span role="gridcell" className={styles.policy}>
        {hit && hit.name !== '' && <span className={styles.kind}>{kindAbbreviation(hit.kind)}</span>}
        <span className={hit && hit.name === '' ? styles.fallback : undefined}>{decisionTitle(hit)}</span>
        {hit && hit.name !== '' && <span className={styles.dim}> #{hit.ruleIndex}</span>}
      </span>
      <span role="gridcell" className={classes(styles.bytes, styles.dim)}>
        {formatBytes(flow.bytes)}
      </span>
    </div>
  );
});

function EndpointCell({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <span role="gridcell" className={styles.endpoint} title={`${endpoint.namespace && `${endpoint.namespace}/`}${endpoint.name}`}>
      {endpoint.namespace && <span className={styles.dim}>{endpoint.namespace}/</span>}
      <span className={classes(endpoint.namespace === '' && styles.outside)}>{endpoint.name}</span>
    </span>
  );
}
