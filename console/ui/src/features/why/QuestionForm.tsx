import { useState, type FormEvent, type RefObject } from 'react';
import { Button } from '../../design/Button';
import { Field } from '../../design/Field';
import type { Question } from './api';
import { fromLocalTime, hasPorts, localTime, PROTOCOLS } from './state';
import styles from './WhyPage.module.css';

interface QuestionFormProps {
  readonly question: Question;
  /** The field where one begins to write. */
  readonly first: RefObject<HTMLInputElement | null>;
  readonly onAsk: (question: Question) => void;
}

export function QuestionForm({ question, first, onAsk }: QuestionFormProps) {
  const [from, setFrom] = useState(question.from);
  const [to, setTo] = useState(question.to);
  const [protocol, setProtocol] = useState(question.protocol);
  const [port, setPort] = useState(question.port);
  const [time, setTime] = useState(localTime(question.at));
  const ported = hasPorts(protocol);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk({ from: from.trim(), to: to.trim(), protocol, port: ported ? port : '', at: fromLocalTime(time) });
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Question">
      <Field label="From">
        <input ref={first} value={from} required placeholder="namespace/pod, an address" spellCheck={false} autoComplete="off" onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To">
        <input value={to} required placeholder="namespace/pod, an address" spellCheck={false} autoComplete="off" onChange={(event) => setTo(event.target.value)} />
      </Field>
      <Field label="Protocol">
        <select value={protocol} onChange={(event) => setProtocol(event.target.value)}>
          {PROTOCOLS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
      <Field label="Port">
        <input type="number" min={1} max={65535} value={ported ? port : ''} disabled={!ported} required={ported && time === ''} onChange={(event) => setPort(event.target.value)} />
      </Field>
      <Field label="At">
        <input type="datetime-local" step={1} value={time} title="Empty: as policies are now" onChange={(event) => setTime(event.target.value)} />
      </Field>
      <span className={styles.buttons}>
        <Button primary type="submit">
          Explain
        </Button>
        {question.at !== null && (
          <Button quiet title="As policies are now (l)" onClick={() => onAsk({ ...question, at: null })}>
            Now
          </Button>
        )}
      </span>
    </form>
  );
}
