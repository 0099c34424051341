import { Banner } from '../../../design/Banner';
import { plural } from '../../../format/text';
import { formatDayTime, formatDuration } from '../../../format/time';
import type { PolicyUses } from './api';
import styles from './UnusedPage.module.css';

/** What the history cannot know: no use on record is not no need. */
export function KnownTimes({ uses: { since, recorded_since: recorded, gaps }, days }: { readonly uses: PolicyUses; readonly days: number }) {
  if (recorded === null) return <Banner icon="warn">No flow is on record: nothing is known of any use.</Banner>;
  const late = Date.parse(recorded) > Date.parse(since);
  const missing = gaps.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  return (
    <div className={styles.known}>
      {late && (
        <Banner icon="warn">
          Asked for {days} days, but flows are on record since {formatDayTime(Date.parse(recorded))} only: what was used before looks unused.
        </Banner>
      )}
      {gaps.length > 0 && (
        <details>
          <summary>
            {plural(gaps.length, 'time')} without any flow, {formatDuration(missing)} together: it was quiet, or nobody collected
          </summary>
          <ul>
            {gaps.map(({ from, to }) => (
              <li key={from}>
                {formatDayTime(Date.parse(from))} – {formatDayTime(Date.parse(to))}
              </li>
            ))}
          </ul>
        </details>
      )}
      <p>Unused means that no recorded flow met the rule. A yearly job or a failover may need it.</p>
    </div>
  );
}
