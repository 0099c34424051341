import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { Button } from '../../../design/Button';
import { qualified } from '../../verdict/words';
import { enforce, preview, remove, stage, type Policy, type PolicyName } from '../api';
import { canBeStaged, changeOfEnforcing } from '../model/staging';
import { ConfirmDialog } from './ConfirmDialog';
import { EffectPanel } from './EffectPanel';

interface PolicyActionsProps {
  readonly policy: Policy;
  readonly onEdit: () => void;
  /** With the policy that the action has made or changed. */
  readonly onDone: (policy: Policy) => void;
  readonly onGone: () => void;
}

type Question = 'enforce' | 'delete' | 'stage-deletion';

/** What can be done with a policy; what changes traffic asks first and shows the effect. */
export function PolicyActions({ policy, onEdit, onDone, onGone }: PolicyActionsProps) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const close = () => {
    setQuestion(null);
    setProblem('');
  };
  const run = (work: () => Promise<Policy>, done: (policy: Policy) => void) => {
    setBusy(true);
    setProblem('');
    work().then(
      (result) => {
        setBusy(false);
        close();
        done(result);
      },
      (refused: Error) => {
        setBusy(false);
        setProblem(refused.message);
      },
    );
  };
  if (!policy.editable) return <Button disabled title="You may look at it but not change it, or it is implied and stored nowhere">Read only</Button>;
  const isDeletion = 'delete' in changeOfEnforcing(policy);
  return (
    <>
      <Button icon="edit" title="Edit (e)" onClick={onEdit}>
        Edit
      </Button>
      {policy.staged && (
        <Button primary onClick={() => setQuestion('enforce')}>
          Enforce …
        </Button>
      )}
      {canBeStaged(policy.kind) && (
        <>
          <Button icon="pending" disabled={busy} title="Makes a staged copy to change without harm" onClick={() => run(() => stage(policy), onDone)}>
            Stage a copy
          </Button>
          <Button disabled={busy} onClick={() => setQuestion('stage-deletion')}>
            Stage deletion …
          </Button>
        </>
      )}
      <Button danger icon="trash" onClick={() => setQuestion('delete')}>
        Delete …
      </Button>
      {question === null && problem !== '' && <span role="alert">{problem}</span>}
      {question === 'enforce' && (
        <ConfirmDialog
          title={isDeletion ? `Delete what ${qualified(policy)} names?` : `Enforce ${qualified(policy)}?`}
          verb="Enforce"
          busy={busy}
          problem={problem}
          onConfirm={() => run(() => enforce(policy, policy.resource_version), isDeletion ? onGone : onDone)}
          onClose={close}
        >
          <Effect change={changeOfEnforcing(policy)} id={`enforce ${policy.resource_version}`} />
        </ConfirmDialog>
      )}
      {question === 'delete' && (
        <ConfirmDialog
          title={`Delete ${qualified(policy)}?`}
          verb="Delete"
          danger
          busy={busy}
          problem={problem}
          onConfirm={() => run(() => remove(policy, policy.resource_version), onGone)}
          onClose={close}
        >
          <Effect change={{ delete: nameOf(policy) }} id={`delete ${policy.resource_version}`} />
        </ConfirmDialog>
      )}
      {question === 'stage-deletion' && (
        <ConfirmDialog
          title={`Stage the deletion of ${qualified(policy)}?`}
          verb="Stage the deletion"
          busy={busy}
          problem={problem}
          onConfirm={() => run(() => stage(policy, { delete: true }), onDone)}
          onClose={close}
        >
          <p>It stays enforced. Flows show what the verdict would be without it, until you enforce the deletion or delete the staged one.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface EffectProps {
  readonly change: { readonly yaml: string } | { readonly delete: PolicyName };
  readonly id: string;
}

function Effect({ change, id }: EffectProps) {
  const fetched = useFetched(id, '', (signal) => preview(change, signal));
  if (fetched.state === 'loading') return <p>Trying it on the flows of the last hour …</p>;
  if (fetched.state === 'failed') return <p role="alert">Its effect cannot be told: {fetched.reason}.</p>;
  return <EffectPanel preview={fetched.value} />;
}

function nameOf({ kind, namespace, name }: PolicyName): PolicyName {
  return { kind, namespace, name };
}
