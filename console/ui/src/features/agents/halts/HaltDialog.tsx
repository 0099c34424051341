import { useState } from 'react';
import { Field } from '../../../design/Field';
import { DecideDialog } from '../approvals/DecideDialog';
import { halt } from './api';

interface HaltDialogProps {
  /** Whom; null where it is asked for. */
  readonly agent: string | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks whom to halt, for how long, and why. */
export function HaltDialog({ agent, onDone, onClose }: HaltDialogProps) {
  const [whom, setWhom] = useState('');
  const [minutes, setMinutes] = useState('0');
  const isSelector = /[\s=()'"]/.test(whom.trim());
  const target = agent !== null ? { agent } : isSelector ? { selector: whom.trim() } : { agent: whom.trim() };
  return (
    <DecideDialog
      title={agent === null ? 'Halt agents' : `Halt ${agent}?`}
      verb="Halt"
      danger
      needsReason
      onDecide={(reason) => halt(target, reason, Number(minutes))}
      onDone={onDone}
      onClose={onClose}
    >
      <p>All calls of it, for it and on its behalf are denied at once, and those that are open are cut off.</p>
      {agent === null && (
        <Field label="Agent" hint="A name, or a selector such as team == 'finance'">
          <input value={whom} autoComplete="off" spellCheck={false} onChange={(event) => setWhom(event.target.value)} />
        </Field>
      )}
      <Field label="For">
        <select value={minutes} onChange={(event) => setMinutes(event.target.value)}>
          <option value="0">until it is lifted</option>
          <option value="15">15 minutes</option>
          <option value="60">an hour</option>
          <option value="1440">a day</option>
        </select>
      </Field>
    </DecideDialog>
  );
}
