import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';
import { classes } from './classes';
import { Icon, type IconName } from './Icon';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly icon?: IconName;
  readonly pressed?: boolean;
  readonly quiet?: boolean;
  /** What one has come to do here. */
  readonly primary?: boolean;
  /** It takes something away. */
  readonly danger?: boolean;
  readonly children?: ReactNode;
}

/** A button; without children its `aria-label` says what it does. */
export function Button({ icon, pressed, quiet, primary, danger, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      title={children ? undefined : rest['aria-label']}
      {...rest}
      className={classes(styles.button, quiet && styles.quiet, primary && styles.primary, danger && styles.danger, !children && styles.bare)}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
