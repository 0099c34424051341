import { classes } from '../../../design/classes';
import { Icon } from '../../../design/Icon';
import type { Order, SortColumn } from '../filters/order';
import type { Column } from '../model/columns';
import styles from './TableHeader.module.css';

/** It stays at the top of the scrolling list and covers that much of it. */
export const HEADER_HEIGHT = 28;

interface TableHeaderProps {
  readonly columns: readonly Column[];
  readonly order: Order;
  readonly clock: boolean;
  readonly onSort: (column: SortColumn) => void;
  readonly onClock: () => void;
}

const AT_THE_END: ReadonlySet<string> = new Set(['bytes', 'packets']);

export function TableHeader({ columns, order, clock, onSort, onClock }: TableHeaderProps) {
  return (
    <div className={styles.header} role="row" aria-rowindex={1}>
      {columns.map(({ id, label, hint }) => {
        const sorted = order.column === id;
        return (
          <span
            key={id}
            role="columnheader"
            aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
            className={classes(AT_THE_END.has(id) && styles.end)}
          >
            <button type="button" title={hint} onClick={() => onSort(id)}>
              {id === 'time' && !clock ? 'Age' : label}
              {sorted && (
                <span className={classes(styles.sort, !order.descending && styles.ascending)}>
                  <Icon name="chevron" size={11} />
                </span>
              )}
            </button>
            {id === 'time' && (
              <button type="button" className={styles.clock} onClick={onClock} aria-label={clock ? 'Show ages' : 'Show clock times'} title={clock ? 'Show ages (t)' : 'Show clock times (t)'}>
                <Icon name="pending" size={11} />
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}
