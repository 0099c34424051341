import { classes } from '../../../design/classes';
import { formatCount, formatShare } from '../../../format/text';
import type { Filters } from '../filters/filters';
import type { FeedSnapshot } from '../store/FlowFeed';
import { BUCKET_MILLIS } from '../store/Tally';
import { LiveControl } from './LiveControl';
import styles from './Overview.module.css';
import { Timeline } from './Timeline';

interface OverviewProps {
  readonly snapshot: FeedSnapshot;
  readonly filters: Filters;
  readonly onFilters: (patch: Partial<Filters>) => void;
  readonly onPause: () => void;
}

/** The counters, each of which is also the filter for what it counts, and the last quarter of an hour. */
export function Overview({ snapshot, filters, onFilters, onPause }: OverviewProps) {
  const { flows, denied, differing, buckets } = snapshot.tally;
  // The bucket before the current one is complete.
  const complete = buckets.get((Math.floor(Date.now() / BUCKET_MILLIS) - 1) * BUCKET_MILLIS);
  const rate = complete ? (complete.allowed + complete.denied) / (BUCKET_MILLIS / 1000) : 0;
  const all = filters.verdict === 'any' && !filters.differs;
  return (
    <section className={styles.overview} aria-label="Counters">
      <Counter label="Flows" value={flows} note={`${rate.toFixed(1)} /s`} pressed={all} onClick={() => onFilters({ verdict: 'any', differs: false })} />
      <Counter
        label="Denied"
        value={denied}
        note={formatShare(denied, flows)}
        tone={styles.deny}
        pressed={filters.verdict === 'deny'}
        onClick={() => onFilters({ verdict: filters.verdict === 'deny' ? 'any' : 'deny' })}
      />
      <Counter
        label="Pending differs"
        value={differing}
        note={formatShare(differing, flows)}
        tone={styles.pending}
        pressed={filters.differs}
        onClick={() => onFilters({ differs: !filters.differs })}
      />
      <Timeline buckets={buckets} />
      <LiveControl snapshot={snapshot} onPause={onPause} />
    </section>
  );
}

interface CounterProps {
  readonly label: string;
  readonly value: number;
  readonly note: string;
  readonly tone?: string | undefined;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function Counter({ label, value, note, tone, pressed, onClick }: CounterProps) {
  return (
    <button type="button" className={classes(styles.counter, value > 0 && tone)} aria-pressed={pressed} onClick={onClick}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value}>
        {formatCount(value)} <small>{note}</small>
      </span>
    </button>
  );
}
