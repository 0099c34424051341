import { memo, useEffect, useRef, type CSSProperties, type ReactNode, type RefObject } from 'react';
import { classes } from '../../../design/classes';
import { useWindow } from '../../../design/useWindow';
import { formatClock, formatFullTime } from '../../../format/time';
import rows from '../../flows/components/FlowRow.module.css';
import grids from '../../flows/components/FlowTable.module.css';
import headers from '../../flows/components/TableHeader.module.css';
import { targetText, type Call } from '../api';
import { Said } from '../Said';
import { outcomeOf } from '../words';
import styles from './CallTable.module.css';

const ROW_HEIGHT = 30;
const HEADER_HEIGHT = 28;
const COLUMNS = ['Time', 'Verdict', 'User', 'Agent', 'Depth', 'Call', 'Target', 'Policy', 'Outcome'] as const;
const TRACKS = '76px 150px minmax(70px, 0.7fr) minmax(90px, 0.9fr) 48px 110px minmax(110px, 1.2fr) minmax(100px, 1.2fr) 120px';

interface CallTableProps {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly calls: readonly Call[];
  readonly cursor: number | null;
  readonly open: number | null;
  readonly onOpen: (sequence: number) => void;
}

/** Calls as an ARIA grid, newest first. It has the focus as a whole, and names the row under the cursor. */
export function CallTable({ ref, calls, cursor, open, onOpen }: CallTableProps) {
  const { first, end } = useWindow(ref, ROW_HEIGHT, calls.length);
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (cursor === null || cursor === shown.current || !ref.current) return;
    const index = calls.findIndex(({ sequence }) => sequence === cursor);
    if (index < 0) return;
    shown.current = cursor;
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = ref.current;
    if (top < scrollTop) ref.current.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight - HEADER_HEIGHT) ref.current.scrollTop = top + ROW_HEIGHT - clientHeight + HEADER_HEIGHT;
  }, [ref, cursor, calls]);
  const visible = calls.slice(first, end);
  const drawn = cursor !== null && visible.some(({ sequence }) => sequence === cursor);
  return (
    <div className={grids.grid} style={{ '--columns': TRACKS } as CSSProperties}>
      <div
        ref={ref}
        className={classes(grids.body, styles.rows)}
        role="grid"
        aria-label="Calls"
        aria-rowcount={calls.length + 1}
        aria-activedescendant={drawn ? `call-${cursor}` : undefined}
        tabIndex={0}
      >
        <div className={headers.header} role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
        </div>
        <div className={grids.canvas} role="rowgroup" style={{ height: calls.length * ROW_HEIGHT }}>
          {visible.map((call, offset) => (
            <CallRow key={call.sequence} call={call} index={first + offset} current={call.sequence === cursor} selected={call.sequence === open} onOpen={onOpen} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface CallRowProps {
  readonly call: Call;
  readonly index: number;
  readonly current: boolean;
  readonly selected: boolean;
  readonly onOpen: (sequence: number) => void;
}

const CallRow = memo(function CallRow({ call, index, current, selected, onOpen }: CallRowProps) {
  const time = Date.parse(call.time);
  return (
    <div
      id={`call-${call.sequence}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-verdict={call.verdict}
      className={classes(rows.row, call.verdict === 'DENY' && rows.denied, current && rows.current, selected && rows.selected)}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      // A mouse opens on the press: by its release the row may have moved.
      onPointerDown={(event) => event.pointerType === 'mouse' && event.button === 0 && onOpen(call.sequence)}
      onClick={() => onOpen(call.sequence)}
    >
      <Cell title={formatFullTime(time)}>{formatClock(time)}</Cell>
      <Cell>
        <Said verdict={call.verdict} pending={call.pending} />
      </Cell>
      <Cell title={call.user.issuer}>{call.user.subject === '' ? '–' : call.user.subject}</Cell>
      <Cell title={call.chain.join(' → ')}>{call.agent}</Cell>
      <Cell>{call.chain.length}</Cell>
      <Cell>{call.action}</Cell>
      <Cell>{targetText(call.target)}</Cell>
      <Cell title={call.reason}>{call.policies.length === 0 ? '–' : call.policies.join(', ')}</Cell>
      <Cell>{outcomeOf(call)}</Cell>
    </div>
  );
});

function Cell({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <span role="gridcell" className={styles.cell} title={title}>
      {children}
    </span>
  );
}
