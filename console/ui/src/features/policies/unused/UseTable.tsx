import { policyHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { Badge } from '../../../design/Badge';
import { classes } from '../../../design/classes';
import { formatAge, formatDayTime, formatFullTime } from '../../../format/time';
import { policyKey } from '../../flows/model/flow';
import { useNow } from '../../flows/hooks/useNow';
import tables from '../../traffic/tables.module.css';
import { kindLabel, qualified } from '../../verdict/words';
import { generationText, type Row } from './rows';
import styles from './UnusedPage.module.css';

/** @param cursor the line that the keyboard is on; -1 for none */
export function UseTable({ rows, cursor }: { readonly rows: readonly Row[]; readonly cursor: number }) {
  const now = useNow(true);
  return (
    <div className={classes(tables.frame, styles.frame)}>
      <table>
        <thead>
          <tr>
            <th scope="col">Owner</th>
            <th scope="col">Policy</th>
            <th scope="col">Kind</th>
            <th scope="col">Tier</th>
            <th scope="col">Rule</th>
            <th scope="col">Last used</th>
            <th scope="col">In this generation</th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Line key={row.key} row={row} now={now} current={index === cursor} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row: { policy, rule, lastUsed, inThisGeneration, unused }, now, current }: { readonly row: Row; readonly now: number; readonly current: boolean }) {
  const created = policy.created_at;
  return (
    <tr className={classes(current && styles.current)} aria-current={current || undefined}>
      <td>{policy.owner || <span className={tables.dim}>nobody</span>}</td>
      <td>
        <Link className={tables.name} href={policyHref(policyKey(policy))}>
          {qualified(policy)}
        </Link>{' '}
        {policy.staged && <Badge tone="pending">staged</Badge>}
      </td>
      <td>{kindLabel(policy.kind)}</td>
      <td>{policy.tier}</td>
      <td>{rule || <span className={tables.dim}>all</span>}</td>
      <td className={classes(unused && styles.unused)} title={lastUsed === null ? undefined : formatFullTime(Date.parse(lastUsed))}>
        {lastUsed === null ? 'never' : formatAge(Date.parse(lastUsed), now)}
      </td>
      <td>{generationText(inThisGeneration)}</td>
      <td>{created === null ? 'unknown' : formatDayTime(Date.parse(created))}</td>
    </tr>
  );
}
