import { formatCount } from '../../../format/text';
import type { TimeBucket } from '../api';
import styles from './Histogram.module.css';

/** How many changes took how long. Heights grow with the square root, so that a few slow ones show. */
export function Histogram({ times }: { readonly times: readonly TimeBucket[] }) {
  const shown = withoutEmptyEnds(times);
  if (shown.length === 0) return null;
  const most = Math.max(...shown.map(({ changes }) => changes));
  const words = shown
    .filter(({ changes }) => changes > 0)
    .map((time) => `${formatCount(time.changes)} ${limitText(times, time)}`)
    .join(', ');
  return (
    <div className={styles.histogram} role="img" aria-label={`Changes by time: ${words}`} title={words}>
      <div>
        {shown.map((time) => (
          <i key={String(time.up_to_millis)} style={{ height: `${Math.sqrt(time.changes / most) * 100}%` }} />
        ))}
      </div>
      <p>
        <span>{limitText(times, shown[0]!)}</span>
        {shown.length > 1 && <span>{limitText(times, shown.at(-1)!)}</span>}
      </p>
    </div>
  );
}

function withoutEmptyEnds(times: readonly TimeBucket[]): readonly TimeBucket[] {
  const used = ({ changes }: TimeBucket) => changes > 0;
  return times.slice(Math.max(0, times.findIndex(used)), times.findLastIndex(used) + 1);
}

function limitText(times: readonly TimeBucket[], { up_to_millis: limit }: TimeBucket): string {
  return limit === null ? `over ${times.at(-2)?.up_to_millis ?? 0} ms` : `up to ${limit} ms`;
}
