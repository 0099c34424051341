import { useEffect, useState } from 'react';
import { ApiError } from '../../../api/http';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { Field } from '../../../design/Field';
import { CodeEditor } from '../../policies/components/CodeEditor';
import { ConfirmDialog } from '../../policies/components/ConfirmDialog';
import styles from '../../policies/components/PolicyEditor.module.css';
import { apply, check, type AgentPolicies, type AgentPolicy, type PolicyCheck, type PolicyText } from './api';
import own from './AgentPolicyEditor.module.css';
import { CheckResult } from './CheckResult';
import { NEW_CEDAR, stagedText, wrongLines } from './staging';

const SETTLE_MILLIS = 350;

interface AgentPolicyEditorProps {
  /** Null for a new one. */
  readonly policy: AgentPolicy | null;
  readonly all: AgentPolicies;
  readonly onSaved: (policy: AgentPolicy) => void;
}

/** Cedar text beside what is wrong with it or what it would change; staged, or enforced after a question. */
export function AgentPolicyEditor({ policy, all, onSaved }: AgentPolicyEditorProps) {
  const [name, setName] = useState(policy?.name ?? '');
  const [tier, setTier] = useState(policy?.tier ?? all.tiers.at(0) ?? 'default');
  const [cedar, setCedar] = useState(policy?.cedar ?? NEW_CEDAR);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const text: PolicyText = { name, tier, cedar, staged: policy?.staged ?? false, replaces: policy?.replaces ?? '', resource_version: policy?.resource_version ?? '' };
  const { result, failure } = useCheck({ ...text, name: name === '' ? 'new' : name });
  const changed = policy === null || cedar !== policy.cedar || tier !== policy.tier;
  const ready = all.may_edit && changed && name !== '' && result?.valid === true && !busy;
  const save = (wanted: PolicyText) => {
    setBusy(true);
    setProblem('');
    setAsking(false);
    apply(wanted).then(onSaved, (refused: Error) => {
      setProblem(refused instanceof ApiError && refused.status === 409 ? `${refused.message} Copy your text, reload, and merge the two.` : refused.message);
      setBusy(false);
    });
  };
  return (
    <div className={styles.editor}>
      <div className={styles.left}>
        <div className={own.head}>
          {policy === null && (
            <Field label="Name">
              <input value={name} autoComplete="off" spellCheck={false} onChange={(event) => setName(event.target.value)} />
            </Field>
          )}
          <Field label="Tier">
            <select value={tier} onChange={(event) => setTier(event.target.value)}>
              {[...new Set([tier, ...all.tiers])].map((other) => (
                <option key={other}>{other}</option>
              ))}
            </select>
          </Field>
        </div>
        <CodeEditor label="Cedar text of the policy" value={cedar} onChange={setCedar} wrong={wrongLines(result?.problems ?? [])} />
        {all.may_edit && (
          <footer className={styles.actions}>
            <Button primary icon="pending" disabled={!ready} title="Keeps what is enforced, and shows what the change would do" onClick={() => save(stagedText(policy, all.policies, text))}>
              {policy?.staged ? 'Save the staged policy' : 'Stage'}
            </Button>
            {!policy?.staged && (
              <Button disabled={!ready} onClick={() => setAsking(true)}>
                Enforce now …
              </Button>
            )}
          </footer>
        )}
      </div>
      <section className={styles.right} aria-label="Check and effect" aria-live="polite">
        {problem !== '' && <Banner icon="warn">It was not saved: {problem}</Banner>}
        {failure !== '' && <p className={styles.note}>It cannot be checked: {failure}</p>}
        {failure === '' && result === null && <p className={styles.note}>Checking …</p>}
        {failure === '' && result && <CheckResult check={result} />}
      </section>
      {asking && result && (
        <ConfirmDialog title="Enforce this now?" verb="Enforce" onConfirm={() => save({ ...text, staged: false, replaces: '' })} onClose={() => setAsking(false)}>
          <CheckResult check={result} />
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Asks the server about a text once the typing pauses. */
function useCheck(text: PolicyText): { readonly result: PolicyCheck | null; readonly failure: string } {
  const [state, setState] = useState<{ readonly result: PolicyCheck | null; readonly failure: string }>({ result: null, failure: '' });
  const key = JSON.stringify(text);
  useEffect(() => {
    const abort = new AbortController();
    setState({ result: null, failure: '' });
    const timer = setTimeout(() => {
      check(text, abort.signal).then(
        (result) => setState({ result, failure: '' }),
        (problem: unknown) => {
          if (!abort.signal.aborted) setState({ result: null, failure: problem instanceof Error ? problem.message : String(problem) });
        },
      );
    }, SETTLE_MILLIS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // The key stands for the text.
  }, [key]);
  return state;
}
