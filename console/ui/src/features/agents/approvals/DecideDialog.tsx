import { useState, type ReactNode } from 'react';
import { Button } from '../../../design/Button';
import { Dialog } from '../../../design/Dialog';
import { Field } from '../../../design/Field';
import shared from '../agents.module.css';

interface DecideDialogProps {
  readonly title: string;
  readonly verb: string;
  readonly danger?: boolean;
  readonly needsReason: boolean;
  readonly onDecide: (reason: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for a reason before something is decided about an agent, and says why it was not. */
export function DecideDialog({ title, verb, danger, needsReason, onDecide, onDone, onClose, children }: DecideDialogProps) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const ready = !busy && (!needsReason || reason.trim() !== '');
  const submit = () => {
    if (!ready) return;
    setBusy(true);
    onDecide(reason.trim()).then(onDone, (refused: Error) => {
      setProblem(refused.message);
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={shared.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        <Field label={needsReason ? 'Reason' : 'Reason (may be empty)'}>
          <input autoFocus value={reason} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
        </Field>
        {problem !== '' && (
          <p className={shared.problem} role="alert">
            {problem}
          </p>
        )}
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" primary={!danger} danger={danger === true} disabled={!ready}>
            {verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
