import { Icon } from '../../../design/Icon';
import { classes } from '../../../design/classes';
import type { Order, SortColumn } from '../filters/order';
import styles from './TableHeader.module.css';

/** It stays at the top of the scrolling list and covers that much of it. */
export const HEADER_HEIGHT = 28;

interface TableHeaderProps {
  readonly order: Order;
  readonly clock: boolean;
  readonly onSort: (column: SortColumn) => void;
  readonly onClock: () => void;
}

const COLUMNS: readonly { readonly column: SortColumn; readonly label: string; readonly hint: string }[] = [
  { column: 'time', label: 'Time', hint: 'Start of the 15-second interval' },
  { column: 'verdict', label: 'Verdict', hint: 'Enforced; the violet mark is the verdict with staged policies' },
  { column: 'source', label: 'Source', hint: 'Who opened the connection' },
  { column: 'dest', label: 'Destination', hint: 'Whom it was for, after translation of service addresses' },
  { column: 'port', label: 'Port', hint: 'Protocol and destination port' },
  { column: 'reporter', label: 'Judged', hint: "At the source's egress or the destination's ingress" },
  { column: 'policy', label: 'Decided by', hint: 'Policy and the number of its rule, from 0' },
  { column: 'bytes', label: 'Bytes', hint: 'Both ways, in the interval' },
];

export function TableHeader({ order, clock, onSort, onClock }: TableHeaderProps) {
  return (
    <div className={styles.header} role="row" aria-rowindex={1}>
      {COLUMNS.map(({ column, label, hint }) => {
        const sorted = order.column === column;
        const cell = (
          <span
            key={column}
            role="columnheader"
            aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
            className={classes(column === 'bytes' && styles.end)}
          >
            <button type="button" title={hint} onClick={() => onSort(column)}>
              {column === 'time' && !clock ? 'Age' : label}
              {sorted && (
                <span className={classes(styles.sort, !order.descending && styles.ascending)}>
                  <Icon name="chevron" size={11} />
                </span>
              )}
            </button>
            {column === 'time' && (
              <button type="button" className={styles.clock} onClick={onClock} aria-label={clock ? 'Show ages' : 'Show clock times'} title={clock ? 'Show ages (t)' : 'Show clock times (t)'}>
                <Icon name="pending" size={11} />
              </button>
            )}
          </span>
        );
        // The arrow between source and destination has a column of its own.
        return column === 'source' ? [cell, <span key="arrow" role="presentation" />] : cell;
      })}
    </div>
  );
}
