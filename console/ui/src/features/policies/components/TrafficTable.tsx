import { plural } from '../../../format/text';
import { ActionMark } from '../../verdict/components/VerdictMark';
import type { TurnedTraffic, VerdictChange } from '../api';
import styles from './EffectPanel.module.css';

const SHOWN_ITEMS = 100;
const NAMES = 4;

/** Everybody whose traffic would be judged differently, whether or not it was ever seen. */
export function TrafficTable({ traffic }: { readonly traffic: TurnedTraffic }) {
  const { allowed_to_denied: denied, denied_to_allowed: allowed } = traffic;
  if (traffic.items.length === 0) return <p className={styles.note}>Of all traffic that there could be, no verdict turns.</p>;
  const items = traffic.items.slice(0, SHOWN_ITEMS);
  return (
    <>
      <p className={styles.note}>
        Of all traffic that there could be: {plural(allowed, 'pair')} newly allowed, {plural(denied, 'pair')} newly denied.
      </p>
      <div className={styles.frame} tabIndex={0} role="region" aria-label="Traffic that would change">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Traffic</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ change, from, to, traffic: words, pairs }, index) => (
              <tr key={index}>
                <td title={from.join(', ')}>{listed(from)}</td>
                <td title={to.join(', ')}>{listed(to)}</td>
                <td title={plural(pairs, 'pair')}>{words}</td>
                <td>
                  <ActionMark action={actionAfter(change)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {traffic.items.length > items.length && <p className={styles.note}>and {traffic.items.length - items.length} more</p>}
    </>
  );
}

export function actionAfter(change: VerdictChange) {
  return change === 'denied -> allowed' ? 'Allow' : 'Deny';
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).join(', ');
  return names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
}
