import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, type CSSProperties, type ReactNode, type Ref } from 'react';
import { Button } from '../../../design/Button';
import { useWidth } from '../../../design/useWidth';
import { useWindow } from '../../../design/useWindow';
import { plural } from '../../../format/text';
import { sortedBy, type Order } from '../filters/order';
import { useNow } from '../hooks/useNow';
import { useScrollAnchor } from '../hooks/useScrollAnchor';
import { fitting, tracksOf, type ColumnId } from '../model/columns';
import type { FlowSnapshot } from '../store/FlowSource';
import { FlowRow, ROW_HEIGHT, rowElementId } from './FlowRow';
import styles from './FlowTable.module.css';
import { HEADER_HEIGHT, TableHeader } from './TableHeader';

interface FlowTableProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly snapshot: FlowSnapshot;
  readonly columns: readonly ColumnId[];
  readonly order: Order;
  readonly cursor: string | null;
  readonly selected: string | null;
  /** Clock times rather than ages. */
  readonly clock: boolean;
  readonly onOpen: (id: string) => void;
  readonly onOrder: (order: Order) => void;
  readonly onClock: () => void;
  /** The end of the rows is in sight. */
  readonly onEnd: () => void;
  /** What stands in place of rows when there are none. */
  readonly children: ReactNode;
}

/** What a row leaves free at its sides. */
const PADDING = 44;

/** The rows as an ARIA grid. It has the focus as a whole, and names the row under the cursor. */
export function FlowTable({ ref, snapshot, columns, order, cursor, selected, clock, onOpen, onOrder, onClock, onEnd, children }: FlowTableProps) {
  const { rows, view } = snapshot;
  const grid = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => grid.current!, []);
  const { first, end, measure } = useWindow(body, ROW_HEIGHT, rows.length);
  const fresh = useScrollAnchor({ body, view, rows, rowHeight: ROW_HEIGHT, follow: selected === null, measure });
  const now = useNow(!clock);

  // Only a moved cursor scrolls; a row that moves because others came in does not.
  const shownCursor = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (cursor === null || cursor === shownCursor.current || !body.current) return;
    const index = rows.findIndex((row) => row.id === cursor);
    if (index < 0) return;
    shownCursor.current = cursor;
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = body.current;
    if (top < scrollTop) body.current.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight - HEADER_HEIGHT) {
      body.current.scrollTop = top + ROW_HEIGHT - clientHeight + HEADER_HEIGHT;
    }
  }, [cursor, rows]);

  const width = useWidth(grid);
  const shown = useMemo(() => fitting(columns, width - PADDING), [columns, width]);
  const atEnd = rows.length > 0 && end >= rows.length;
  useEffect(() => {
    if (atEnd) onEnd();
    // Each page that comes in may leave the end in sight.
  }, [atEnd, rows, onEnd]);

  const visible = rows.slice(first, end);
  const cursorDrawn = cursor !== null && visible.some((row) => row.id === cursor);
  return (
    <div className={styles.frame}>
      <div
        ref={grid}
        className={styles.grid}
        role="grid"
        aria-label="Flows"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={cursorDrawn ? rowElementId(cursor) : undefined}
        tabIndex={0}
        style={{ '--columns': tracksOf(shown) } as CSSProperties}
      >
        <div ref={body} className={styles.body} role="presentation">
          <TableHeader columns={shown} order={order} clock={clock} onSort={(column) => onOrder(sortedBy(column, order))} onClock={onClock} />
          <div className={styles.canvas} role="rowgroup" style={{ height: rows.length * ROW_HEIGHT }}>
            {visible.map((flow, offset) => (
              <FlowRow
                key={flow.id}
                flow={flow}
                index={first + offset}
                columns={shown}
                current={flow.id === cursor}
                selected={flow.id === selected}
                ageAt={clock ? null : now}
                onOpen={onOpen}
              />
            ))}
          </div>
        </div>
      </div>
      {/* A grid may hold nothing but rows. */}
      {rows.length === 0 && (
        <div className={styles.instead} style={{ top: HEADER_HEIGHT }}>
          {children}
        </div>
      )}
      {fresh > 0 && (
        <div className={styles.fresh}>
          <Button icon="up" onClick={() => body.current?.scrollTo({ top: 0 })}>
            {plural(fresh, 'new flow')}
          </Button>
        </div>
      )}
    </div>
  );
}
