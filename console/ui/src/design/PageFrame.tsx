import type { ReactNode } from 'react';
import { Link } from '../app/router';
import styles from './PageFrame.module.css';

interface PageFrameProps {
  /** Where the page belongs to, and how to get there. */
  readonly parent?: { readonly href: string; readonly label: string };
  readonly title: ReactNode;
  /** Small marks beside the title. */
  readonly marks?: ReactNode;
  readonly actions?: ReactNode;
  /** The content fills the window and scrolls inside, rather than as a whole. */
  readonly filling?: boolean;
  readonly children: ReactNode;
}

/** A page of one thing: where it belongs, what it is, what can be done, and the content. */
export function PageFrame({ parent, title, marks, actions, filling, children }: PageFrameProps) {
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <div className={styles.words}>
          {parent && (
            <Link className={styles.parent} href={parent.href}>
              {parent.label} /
            </Link>
          )}
          <h1>{title}</h1>
          {marks}
        </div>
        <div className={styles.actions}>{actions}</div>
      </header>
      <div className={filling ? styles.filling : styles.scrolling} data-scrolls={filling ? undefined : true} tabIndex={filling ? undefined : -1}>
        {children}
      </div>
    </main>
  );
}
