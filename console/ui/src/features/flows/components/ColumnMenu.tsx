import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Popover } from '../../../design/Popover';
import { toggled } from '../filters/filters';
import { columnOf, COLUMNS, moved, USUAL_COLUMNS, WHISKER_COLUMNS, type ColumnId } from '../model/columns';
import styles from './ColumnMenu.module.css';

interface ColumnMenuProps {
  readonly columns: readonly ColumnId[];
  readonly onColumns: (columns: readonly ColumnId[]) => void;
}

/** Which columns the list shows, and in which order: by mouse or with Alt and the arrow keys. */
export function ColumnMenu({ columns, onColumns }: ColumnMenuProps) {
  return (
    <Popover label="" name="Columns" icon="columns" kind="dialog" width={290} edge="end">
      {() => <ColumnList columns={columns} onColumns={onColumns} />}
    </Popover>
  );
}

function ColumnList({ columns, onColumns }: ColumnMenuProps) {
  const [dragged, setDragged] = useState<ColumnId | null>(null);
  const hidden = COLUMNS.map((column) => column.id).filter((id) => !columns.includes(id));
  const toggle = (id: ColumnId) => {
    const next = toggled(columns, id) as readonly ColumnId[];
    if (next.length > 0) onColumns(next);
  };
  const onKeyDown = (event: KeyboardEvent, id: ColumnId) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onColumns(moved(columns, id, event.key === 'ArrowUp' ? -1 : 1));
  };
  const dropOn = (event: DragEvent, target: ColumnId) => {
    event.preventDefault();
    if (dragged === null || dragged === target) return;
    const rest = columns.filter((id) => id !== dragged);
    rest.splice(columns.indexOf(target), 0, dragged);
    onColumns(rest);
  };
  return (
    <div className={styles.menu}>
      <p className={styles.hint}>
        Drag, or <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd>, to reorder.
      </p>
      <ul aria-label="Columns in order" className={styles.list}>
        {[...columns, ...hidden].map((id) => {
          const shown = columns.includes(id);
          return (
            <li
              key={id}
              className={classes(dragged === id && styles.dragged)}
              draggable={shown}
              onDragStart={() => setDragged(id)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => shown && dropOn(event, id)}
            >
              <label>
                <input type="checkbox" checked={shown} onChange={() => toggle(id)} onKeyDown={(event) => onKeyDown(event, id)} />
                {columnOf(id).label}
              </label>
              {shown && (
                <span className={styles.moves}>
                  <Button quiet icon="up" aria-label={`${columnOf(id).label} further left`} onClick={() => onColumns(moved(columns, id, -1))} />
                  <Button quiet icon="down" aria-label={`${columnOf(id).label} further right`} onClick={() => onColumns(moved(columns, id, 1))} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <p className={styles.presets}>
        <Button quiet onClick={() => onColumns(USUAL_COLUMNS)}>
          Usual columns
        </Button>
        <Button quiet onClick={() => onColumns(WHISKER_COLUMNS)}>
          As in Whisker
        </Button>
      </p>
    </div>
  );
}
