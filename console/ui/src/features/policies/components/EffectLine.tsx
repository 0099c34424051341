import { plural } from '../../../format/text';
import { classes } from '../../../design/classes';
import type { Preview } from '../api';
import styles from './EffectLine.module.css';

/** What a change would have done to the recorded flows, in one line. */
export function EffectLine({ preview: { flows, staged } }: { readonly preview: Preview }) {
  const nothing = flows.newly_allowed === 0 && flows.newly_denied === 0 && flows.uncertain === 0;
  return (
    <p className={styles.effect} role="status">
      <span className={styles.label}>{staged ? 'Pending verdicts of the last hour' : 'On the last hour'}</span>
      {nothing && <span>no flow would change</span>}
      {flows.newly_allowed > 0 && <span className={classes(styles.count, styles.allow)}>{plural(flows.newly_allowed, 'flow')} newly allowed</span>}
      {flows.newly_denied > 0 && <span className={classes(styles.count, styles.deny)}>{plural(flows.newly_denied, 'flow')} newly denied</span>}
      {flows.uncertain > 0 && <span className={classes(styles.count, styles.warn)}>{flows.uncertain} uncertain</span>}
      <span className={styles.label}>
        of {plural(flows.considered, 'flow')}
        {flows.truncated && ', the newest only'}
      </span>
    </p>
  );
}
