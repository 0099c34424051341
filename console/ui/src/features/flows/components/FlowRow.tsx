import { memo } from 'react';
import { classes } from '../../../design/classes';
import type { Column } from '../model/columns';
import type { Flow } from '../model/flow';
import { FlowCell } from './cells';
import styles from './FlowRow.module.css';

export const ROW_HEIGHT = 30;

/** The id of a row's element, for `aria-activedescendant`. */
export function rowElementId(flowId: string): string {
  return `flow-${flowId}`;
}

interface FlowRowProps {
  readonly flow: Flow;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly current: boolean;
  readonly selected: boolean;
  /** The age in words is wanted for this time; null asks for the clock. */
  readonly ageAt: number | null;
  readonly onOpen: (id: string) => void;
}

export const FlowRow = memo(function FlowRow({ flow, index, columns, current, selected, ageAt, onOpen }: FlowRowProps) {
  return (
    <div
      id={rowElementId(flow.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes(styles.row, flow.verdict === 'deny' && styles.denied, current && styles.current, selected && styles.selected)}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      // A mouse opens on the press: by its release the row may have moved. Fingers press to scroll, too.
      onPointerDown={(event) => event.pointerType === 'mouse' && event.button === 0 && onOpen(flow.id)}
      onClick={() => onOpen(flow.id)}
    >
      {columns.map((column) => (
        <FlowCell key={column.id} column={column.id} flow={flow} ageAt={ageAt} />
      ))}
    </div>
  );
});
