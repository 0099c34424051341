import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { formatCompact } from '../format/text';
import { classes } from './classes';
import { Icon } from './Icon';
import styles from './Picker.module.css';
import { Popover } from './Popover';

export interface PickerOption {
  readonly value: string;
  readonly label: string;
  /** Shown before the label, dimmed. */
  readonly prefix?: string;
  /** How often it occurs; undefined if nobody counts. */
  readonly count?: number | undefined;
}

interface PickerProps {
  readonly label: string;
  /** Read when the list is opened, so that a live page does not move it below the pointer. */
  readonly options: () => readonly PickerOption[];
  readonly chosen: readonly string[];
  readonly describe: (value: string) => PickerOption;
  readonly onToggle: (value: string) => void;
  /** What stands there if there is nothing to choose from. */
  readonly emptyText: string;
  /** Makes a value of a text that is not in the list; null if it cannot be one. */
  readonly free?: (text: string) => string | null;
  /** What stands in place of a missing free value. */
  readonly freeHint?: string;
  /** More ways to choose, below the list. */
  readonly children?: ReactNode;
}

const SHOWN = 200;

/** A filter with many values: a button that opens a searchable list of check marks with counts. */
export function Picker(props: PickerProps) {
  const { label, options, chosen, describe } = props;
  const [offered, setOffered] = useState<readonly PickerOption[]>([]);
  const load = () => {
    const found = options();
    const gone = chosen.filter((value) => !found.some((option) => option.value === value));
    setOffered([...gone.map(describe), ...found]);
  };
  return (
    <Popover label={label} kind="listbox" width={340} active={chosen.length > 0} badge={chosen.length} onOpen={load}>
      {(close) => <PickerList {...props} offered={offered} onClose={close} />}
    </Popover>
  );
}

interface PickerListProps extends PickerProps {
  readonly offered: readonly PickerOption[];
  readonly onClose: () => void;
}

function PickerList({ label, offered, chosen, onToggle, emptyText, free, freeHint, children, onClose }: PickerListProps) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const needle = search.trim().toLowerCase();
  const matching = offered.filter((option) => option.value.toLowerCase().includes(needle) || option.label.toLowerCase().includes(needle));
  const own = needle === '' ? null : (free?.(search.trim()) ?? null);
  const typed: readonly PickerOption[] = own === null || matching.some((option) => option.value === own) ? [] : [{ value: own, label: own, prefix: 'use' }];
  const shown = [...matching.slice(0, SHOWN), ...typed];

  const onKeyDown = (event: KeyboardEvent) => {
    const option = shown[active];
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && option) onToggle(option.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <input
        autoFocus
        className={styles.search}
        placeholder={`Find ${label.toLowerCase()}`}
        aria-label={`Find ${label.toLowerCase()}`}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
        spellCheck={false}
        autoComplete="off"
        value={search}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
      />
      <ul className={styles.list} id={`${id}-list`} role="listbox" aria-multiselectable="true" aria-label={label} tabIndex={-1}>
        {shown.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={chosen.includes(option.value)}
            className={classes(index === active && styles.active)}
            onPointerMove={() => setActive(index)}
            onClick={() => onToggle(option.value)}
          >
            <span className={styles.check}>{chosen.includes(option.value) && <Icon name="done" size={12} />}</span>
            <span className={styles.name} title={option.label}>
              {option.prefix && <span className={styles.prefix}>{option.prefix}</span>}
              {option.label}
            </span>
            {option.count !== undefined && <span className={styles.count}>{formatCompact(option.count)}</span>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.note}>{offered.length === 0 && needle === '' ? emptyText : (freeHint ?? `Nothing contains “${search}”.`)}</p>}
      {matching.length > SHOWN && <p className={styles.note}>{matching.length - SHOWN} more: type to narrow down.</p>}
      {children}
      <p className={styles.keys}>
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose <kbd>Enter</kbd> mark
        <button type="button" onClick={onClose}>
          Done
        </button>
      </p>
    </>
  );
}
