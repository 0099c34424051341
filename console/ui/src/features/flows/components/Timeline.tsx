import { formatClock } from '../../../format/time';
import { plural } from '../../../format/text';
import { BUCKET_MILLIS, type Bucket } from '../store/Tally';
import styles from './Timeline.module.css';

const BARS = 60;
const HEIGHT = 36;

/** Flows of the last quarter of an hour, one bar for each bucket; the denied ones at the bottom. */
export function Timeline({ buckets }: { readonly buckets: ReadonlyMap<number, Bucket> }) {
  const newest = Math.floor(Date.now() / BUCKET_MILLIS) * BUCKET_MILLIS;
  const starts = Array.from({ length: BARS }, (_, bar) => newest - (BARS - 1 - bar) * BUCKET_MILLIS);
  const highest = Math.max(1, ...starts.map((start) => total(buckets.get(start))));
  const height = (count: number) => (count === 0 ? 0 : Math.max(1.5, (count / highest) * HEIGHT));
  return (
    <figure className={styles.timeline}>
      <svg viewBox={`0 0 ${BARS} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary(starts, buckets)}>
        {starts.map((start, bar) => {
          const bucket = buckets.get(start);
          if (!bucket) return null;
          const denied = height(bucket.denied);
          const allowed = height(bucket.allowed);
          return (
            <g key={start}>
              <title>{`${formatClock(start)}: ${bucket.allowed} allowed, ${bucket.denied} denied`}</title>
              <rect className={styles.allowed} x={bar + 0.12} width={0.76} y={HEIGHT - denied - allowed} height={allowed} />
              <rect className={styles.denied} x={bar + 0.12} width={0.76} y={HEIGHT - denied} height={denied} />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>−15 min</span>
        <span>allowed, denied per 15 s</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function total(bucket: Bucket | undefined): number {
  return bucket ? bucket.allowed + bucket.denied : 0;
}

function summary(starts: readonly number[], buckets: ReadonlyMap<number, Bucket>): string {
  const shown = starts.map((start) => buckets.get(start)).filter((bucket) => bucket !== undefined);
  const denied = shown.reduce((sum, bucket) => sum + bucket.denied, 0);
  const allowed = shown.reduce((sum, bucket) => sum + bucket.allowed, 0);
  return `In the last 15 minutes ${plural(allowed, 'flow')} allowed and ${denied} denied`;
}
