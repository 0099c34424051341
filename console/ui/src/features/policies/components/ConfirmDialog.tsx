import type { ReactNode } from 'react';
import { Button } from '../../../design/Button';
import { Dialog } from '../../../design/Dialog';
import styles from './ConfirmDialog.module.css';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly problem?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What it would do. */
  readonly children: ReactNode;
}

/** Asks before something changes for traffic, and shows what would. */
export function ConfirmDialog({ title, verb, danger, busy, problem, onConfirm, onClose, children }: ConfirmDialogProps) {
  return (
    <Dialog title={title} wide onClose={onClose}>
      <div className={styles.content}>{children}</div>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <footer className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button primary={!danger} danger={danger === true} disabled={busy === true} autoFocus onClick={onConfirm}>
          {verb}
        </Button>
      </footer>
    </Dialog>
  );
}
