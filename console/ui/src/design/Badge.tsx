import type { ReactNode } from 'react';
import styles from './Badge.module.css';

export type Tone = 'plain' | 'allow' | 'deny' | 'pending' | 'warn' | 'accent';

/** A small mark in a tone; the word carries the meaning. */
export function Badge({ tone = 'plain', title, children }: { readonly tone?: Tone; readonly title?: string; readonly children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
