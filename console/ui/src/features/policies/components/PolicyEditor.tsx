import { useState } from 'react';
import { ApiError } from '../../../api/http';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { useChecked } from '../hooks/useChecked';
import { apply, stage, type Policy } from '../api';
import { canBeStaged, isStagedKind, kindInText } from '../model/staging';
import { wrongLines } from '../model/problems';
import { CodeEditor } from './CodeEditor';
import { ConfirmDialog } from './ConfirmDialog';
import { EffectPanel } from './EffectPanel';
import styles from './PolicyEditor.module.css';

interface PolicyEditorProps {
  /** The stored policy; null for a new one. */
  readonly policy: Policy | null;
  readonly initial: string;
  readonly onSaved: (policy: Policy) => void;
  readonly onCancel: () => void;
}

/** A policy's text beside what is wrong with it or what it would do; staged, or enforced after a question. */
export function PolicyEditor({ policy, initial, onSaved, onCancel }: PolicyEditorProps) {
  const [yaml, setYaml] = useState(initial);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const checked = useChecked(yaml);
  const { validation } = checked;
  const kind = validation?.policy?.kind ?? policy?.kind ?? kindInText(yaml);
  const ready = validation?.valid === true && !busy && (yaml !== initial || policy === null);

  const save = (how: () => Promise<Policy>) => {
    setBusy(true);
    setProblem('');
    setAsking(false);
    how().then(onSaved, (refused: Error) => {
      const changed = refused instanceof ApiError && refused.status === 409;
      setProblem(changed ? `${refused.message} Copy your text, reload, and merge the two.` : refused.message);
      setBusy(false);
    });
  };
  const applyNow = () => save(() => apply(yaml, policy?.resource_version ?? ''));
  const stageCopy = () => save(() => stage(validation!.policy!, { yaml }));
  return (
    <div className={styles.editor}>
      <div className={styles.left}>
        <CodeEditor label="YAML of the policy" value={yaml} onChange={setYaml} wrong={wrongLines(yaml, validation?.problems ?? [])} />
        <footer className={styles.actions}>
          {isStagedKind(kind) ? (
            <Button primary icon="pending" disabled={!ready} onClick={applyNow}>
              Save the staged policy
            </Button>
          ) : (
            <>
              <Button primary icon="pending" disabled={!ready || !canBeStaged(kind)} title="Keeps what is enforced, and shows what the change would do" onClick={stageCopy}>
                Stage
              </Button>
              <Button disabled={!ready} onClick={() => setAsking(true)}>
                Enforce now …
              </Button>
            </>
          )}
          <Button quiet onClick={onCancel}>
            Cancel
          </Button>
        </footer>
      </div>
      <section className={styles.right} aria-label="Check and effect" aria-live="polite">
        {problem !== '' && <Banner icon="warn">It was not saved: {problem}</Banner>}
        <Verdict checked={checked} unchanged={policy !== null && yaml === initial} />
      </section>
      {asking && (
        <ConfirmDialog title="Enforce this now?" verb="Enforce" onConfirm={applyNow} onClose={() => setAsking(false)}>
          {checked.preview && <EffectPanel preview={checked.preview} diff={false} />}
        </ConfirmDialog>
      )}
    </div>
  );
}

function Verdict({ checked: { validation, preview, problem }, unchanged }: { readonly checked: ReturnType<typeof useChecked>; readonly unchanged: boolean }) {
  if (validation === null) return <p className={styles.note}>{problem === '' ? 'Checking …' : `It cannot be checked: ${problem}.`}</p>;
  if (!validation.valid) {
    return (
      <>
        <h2 className={styles.invalid}>
          {validation.problems.length === 1 ? 'One thing is wrong' : `${validation.problems.length} things are wrong`}
        </h2>
        <ul className={styles.problems}>
          {validation.problems.map((found) => (
            <li key={found.text}>
              {found.field !== '' && <code>{found.field}</code>}
              <span>
                {found.value !== '' && <q>{found.value}</q>} {found.reason}
                {found.fix !== '' && <b> {found.fix}</b>}
              </span>
            </li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      <h2 className={styles.valid}>{unchanged ? 'Valid, and unchanged so far' : 'Valid. What it would do:'}</h2>
      {preview && !unchanged && <EffectPanel preview={preview} />}
      {problem !== '' && <p className={styles.note}>Its effect cannot be told: {problem}.</p>}
    </>
  );
}
