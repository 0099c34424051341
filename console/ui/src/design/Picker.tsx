import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { formatCompact } from '../format/text';
import { classes } from './classes';
import { Icon } from './Icon';
import styles from './Picker.module.css';

export interface PickerOption {
  readonly value: string;
  readonly label: string;
  /** Shown before the label, dimmed. */
  readonly prefix?: string;
  readonly count: number;
}

interface PickerProps {
  readonly label: string;
  /** Read when the list is opened, so that a live page does not move it below the pointer. */
  readonly options: () => readonly PickerOption[];
  readonly chosen: readonly string[];
  readonly onToggle: (value: string) => void;
  readonly emptyText: string;
}

const SHOWN = 200;

/** A filter with many values: a button that opens a searchable list of check marks with counts. */
export function Picker({ label, options, chosen, onToggle, emptyText }: PickerProps) {
  const [open, setOpen] = useState<readonly PickerOption[] | null>(null);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(null);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const show = () => {
    const offered = options();
    const gone = chosen.filter((value) => !offered.some((option) => option.value === value));
    setOpen([...gone.map((value) => ({ value, label: value, count: 0 })), ...offered]);
    setSearch('');
    setActive(0);
  };
  const hide = () => {
    setOpen(null);
    button.current?.focus();
  };
  const needle = search.toLowerCase();
  const matching = (open ?? []).filter((option) => option.value.toLowerCase().includes(needle));
  const shown = matching.slice(0, SHOWN);

  const onKeyDown = (event: KeyboardEvent) => {
    const option = shown[active];
    if (event.key === 'Escape') hide();
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && option) onToggle(option.value);
    else {
      if (event.key === 'Tab') setOpen(null);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.picker} ref={root}>
      <button
        ref={button}
        type="button"
        className={classes(styles.button, chosen.length > 0 && styles.filtering)}
        aria-haspopup="listbox"
        aria-expanded={open !== null}
        onClick={() => (open ? hide() : show())}
      >
        {label}
        {chosen.length > 0 && <span className={styles.badge}>{chosen.length}</span>}
        <Icon name="chevron" size={12} />
      </button>
      {open && (
        <div className={styles.popover} onKeyDown={onKeyDown}>
          <input
            autoFocus
            className={styles.search}
            placeholder={`Find ${label.toLowerCase()}`}
            aria-label={`Find ${label.toLowerCase()}`}
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setActive(0);
            }}
          />
          <ul className={styles.list} id={`${id}-list`} role="listbox" aria-multiselectable="true" aria-label={label}>
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
                <span className={styles.count}>{formatCompact(option.count)}</span>
              </li>
            ))}
          </ul>
          {matching.length === 0 && <p className={styles.note}>{open.length === 0 ? emptyText : `Nothing contains “${search}”.`}</p>}
          {matching.length > shown.length && <p className={styles.note}>{matching.length - shown.length} more: type to narrow down.</p>}
        </div>
      )}
    </div>
  );
}
