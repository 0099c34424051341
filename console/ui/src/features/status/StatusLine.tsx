import { classes } from '../../design/classes';
import { formatCount, plural } from '../../format/text';
import { droppedTotal, type Status } from './status';
import styles from './StatusLine.module.css';
import type { StatusState } from './useStatus';

/** One line on what enforces, on how many nodes, and whether anything went unrecorded. */
export function StatusLine({ status: { status, stale } }: { readonly status: StatusState }) {
  if (!status) return <span className={styles.line}>{stale ? 'No status from the server' : ''}</span>;
  const dropped = droppedTotal(status);
  return (
    <span className={classes(styles.line, stale && styles.stale)} title={details(status)}>
      {dropped > 0 && <span className={styles.dropped}>{plural(dropped, 'event')} not recorded</span>}
      <span>{places(status)}</span>
      <span className={styles.dataplane}>{status.dataplane}</span>
    </span>
  );
}

function places(status: Status): string {
  const { nodes, pods } = status.tables;
  if (nodes === undefined || pods === undefined) return status.node;
  return `${plural(nodes, 'node')} · ${plural(pods, 'pod')}`;
}

function details(status: Status): string {
  const lines = [`Margay ${status.version}`];
  for (const [name, count] of Object.entries(status.tables)) lines.push(`${name.replaceAll('_', ' ')}: ${formatCount(count)}`);
  for (const [reason, count] of Object.entries(status.dropped)) {
    if (count > 0) lines.push(`not recorded (${reason}): ${formatCount(count)}`);
  }
  return lines.join('\n');
}
