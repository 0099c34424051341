import type { RefObject } from 'react';
import { Icon } from './Icon';
import styles from './SearchField.module.css';

interface SearchFieldProps {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
}

/** The field that `/` leads to; Escape, Enter and the arrow down lead out of it. */
export function SearchField({ ref, label, placeholder, value, onChange, onLeave }: SearchFieldProps) {
  return (
    <label className={styles.search}>
      <Icon name="search" />
      <input
        ref={ref}
        value={value}
        placeholder={placeholder}
        aria-label={label}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.currentTarget.blur();
          onLeave();
        }}
      />
      <kbd>/</kbd>
    </label>
  );
}
