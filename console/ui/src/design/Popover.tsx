import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classes } from './classes';
import { Icon, type IconName } from './Icon';
import styles from './Popover.module.css';

interface PopoverProps {
  /** What stands on the button. */
  readonly label: ReactNode;
  /** For a button without words. */
  readonly name?: string;
  readonly icon?: IconName;
  readonly kind: 'listbox' | 'dialog' | 'menu';
  /** Whether it narrows the view, so that the button stands out. */
  readonly active?: boolean;
  readonly badge?: number;
  /** Without a frame. */
  readonly quiet?: boolean;
  readonly width?: number;
  /** Which edge of the button the popover keeps to. */
  readonly edge?: 'start' | 'end';
  readonly title?: string;
  readonly onOpen?: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a small panel below it; Escape and a click elsewhere close it. */
export function Popover({ label, name, icon, kind, active, badge, quiet, width = 300, edge = 'start', title, onOpen, onKeyDown, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const toggle = () => {
    if (!open) onOpen?.();
    setOpen(!open);
  };
  return (
    <div className={styles.popover} ref={root}>
      <button
        ref={button}
        type="button"
        className={classes(styles.button, active && styles.active, !label && styles.bare, quiet && styles.quiet)}
        aria-haspopup={kind}
        aria-expanded={open}
        aria-label={name}
        title={title ?? name}
        onClick={toggle}
      >
        {icon && <Icon name={icon} />}
        {label}
        {badge !== undefined && badge > 0 && <span className={styles.badge}>{badge}</span>}
        {label && <Icon name="chevron" size={12} />}
      </button>
      {open && (
        <div
          className={styles.panel}
          role={kind === 'dialog' ? 'dialog' : undefined}
          aria-label={kind === 'dialog' ? name : undefined}
          style={{ width, [edge === 'start' ? 'left' : 'right']: 0 }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.preventDefault();
              event.stopPropagation();
              close();
            } else {
              onKeyDown?.(event);
            }
          }}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
