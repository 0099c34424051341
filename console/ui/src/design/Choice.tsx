import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { classes } from './classes';
import { Icon } from './Icon';
import pickerStyles from './Picker.module.css';
import { Popover } from './Popover';

interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T;
  /** The value that stands for no choice. */
  readonly neutral?: T;
  readonly onChange: (value: T) => void;
  readonly edge?: 'start' | 'end';
}

/** One choice out of a few, in a list below a button that says the choice. */
export function Choice<T extends string>({ label, options, value, neutral, onChange, edge = 'start' }: ChoiceProps<T>) {
  const chosen = options.find((option) => option.value === value);
  const isNeutral = value === neutral;
  return (
    <Popover label={isNeutral ? label : (chosen?.label ?? label)} title={label} kind="listbox" width={230} active={neutral !== undefined && !isNeutral} edge={edge}>
      {(close) => (
        <Options
          label={label}
          options={options}
          value={value}
          onChoose={(next) => {
            onChange(next);
            close();
          }}
        />
      )}
    </Popover>
  );
}

interface OptionsProps<T extends string> {
  readonly label: string;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

function Options<T extends string>({ label, options, value, onChoose }: OptionsProps<T>) {
  const [active, setActive] = useState(Math.max(0, options.findIndex((option) => option.value === value)));
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  useEffect(() => list.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter' || event.key === ' ') onChoose(options[active]!.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul ref={list} className={pickerStyles.list} role="listbox" aria-label={label} tabIndex={0} aria-activedescendant={`${id}-${active}`} onKeyDown={onKeyDown}>
      {options.map((option, index) => (
        <li
          key={option.value}
          id={`${id}-${index}`}
          role="option"
          aria-selected={option.value === value}
          className={classes(index === active && pickerStyles.active)}
          onPointerMove={() => setActive(index)}
          onClick={() => onChoose(option.value)}
        >
          <span className={pickerStyles.check}>{option.value === value && <Icon name="done" size={12} />}</span>
          <span className={pickerStyles.name}>{option.label}</span>
          {option.hint && <span className={pickerStyles.count}>{option.hint}</span>}
        </li>
      ))}
    </ul>
  );
}
