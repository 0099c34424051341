import { memo } from 'react';
import { classes } from '../../../design/classes';
import { Icon } from '../../../design/Icon';
import { formatBytes } from '../../../format/text';
import { formatAge, formatClock, formatFullTime } from '../../../format/time';
import { PendingMark, VerdictMark } from '../../verdict/components/VerdictMark';
import { isDefaultAction } from '../../verdict/chain';
import { decisionTitle, directionOf, kindAbbreviation, qualified } from '../../verdict/words';
import { decidingHit, pendingDiffers, type Endpoint, type Flow, type Hit } from '../model/flow';
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
  return (
    <div
      id={rowElementId(flow.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes(styles.row, flow.verdict === 'deny' && styles.denied, current && styles.current, selected && styles.selected)}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      // A mouse opens on the press: by its release the row may have moved. Fingers press to scroll, too.
      onPointerDown={(event) => event.pointerType === 'mouse' && event.button === 0 && onOpen(flow.id)}
      onClick={() => onOpen(flow.id)}
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
        <Decision hit={decidingHit(flow.trace.enforced)} />
      </span>
      <span role="gridcell" className={classes(styles.bytes, styles.dim)}>
        {formatBytes(flow.bytes)}
      </span>
    </div>
  );
});

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

function EndpointCell({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <span role="gridcell" className={styles.endpoint} title={`${endpoint.namespace && `${endpoint.namespace}/`}${endpoint.name}`}>
      {endpoint.namespace && <span className={styles.dim}>{endpoint.namespace}/</span>}
      <span className={classes(endpoint.namespace === '' && styles.outside)}>{endpoint.name}</span>
    </span>
  );
}
