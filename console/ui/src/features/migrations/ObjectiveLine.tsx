import { classes } from '../../design/classes';
import { formatShare, plural } from '../../format/text';
import type { Objective } from './api';
import styles from './MigrationsPage.module.css';
import { formatMillis } from './strip';

/** The share of migrations that nobody noticed, beside the target. */
export function ObjectiveLine({ objective: { gap_millis: target, within, measured, succeeded, failed, median_gap_millis: median } }: { readonly objective: Objective }) {
  const share = measured === 0 ? 0 : within / measured;
  return (
    <section className={styles.objective} aria-label="Service level">
      <p>
        <b>{measured === 0 ? '–' : formatShare(within, measured)}</b> with a gap of at most {formatMillis(target)}
      </p>
      <div className={styles.meter} role="meter" aria-label={`Migrations within ${target} ms`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <i className={classes(share < 0.5 && styles.low)} style={{ width: `${share * 100}%` }} />
      </div>
      <p className={styles.note}>
        {within} of {plural(measured, 'measured migration')}
        {median !== null && `, median ${formatMillis(median)}`}. {succeeded} succeeded, {failed} failed.
      </p>
    </section>
  );
}
