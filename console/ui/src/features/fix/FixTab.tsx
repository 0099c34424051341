import { useState } from 'react';
import { ApiError } from '../../api/http';
import { useFetched } from '../../api/useFetched';
import { policyHref } from '../../app/pages';
import { Link } from '../../app/router';
import { Button } from '../../design/Button';
import { Notice } from '../../design/Notice';
import { policyKey, type Flow, type Verdict } from '../flows/model/flow';
import { apply, type Policy } from '../policies/api';
import { useSession } from '../session/useSession';
import { mayEdit } from '../session/session';
import { fetchFix, type Fix, type FixChange } from './api';
import { FixCard } from './FixCard';
import { FixEffect } from './FixEffect';
import styles from './FixTab.module.css';

/** What would turn the verdict of a flow: the change to review, and the button that stages it. */
export function FixTab({ flow }: { readonly flow: Flow }) {
  const fetched = useFetched(flow.id, '', (signal) => fetchFix(flow.id, signal));
  switch (fetched.state) {
    case 'loading':
      return <p className={styles.loading}>Trying changes on a copy of the cluster …</p>;
    case 'failed':
      return (
        <Notice icon="fix" title="No fix can be proposed here">
          {fetched.reason}.
        </Notice>
      );
    case 'done':
      return <Proposal fix={fetched.value} verdict={flow.verdict} />;
  }
}

/**
 * A proposal that can be staged.
 *
 * @param verdict the one to turn, which may not be the verdict of now any more
 */
export function Proposal({ fix, verdict }: { readonly fix: Fix; readonly verdict: Verdict }) {
  const editing = mayEdit(useSession());
  const [staged, setStaged] = useState<readonly Policy[]>([]);
  const [problem, setProblem] = useState('');
  const [taken, setTaken] = useState(false);
  const [busy, setBusy] = useState(false);
  const wanted = verdict === 'deny' ? 'allowed' : 'denied';
  const turned = fix.action === (verdict === 'deny' ? 'Allow' : 'Deny');
  if (turned) {
    return (
      <Notice icon="done" title={`It would be ${wanted} by now`}>
        The policies have changed since this flow was recorded: the same connection is {wanted} today. Look for a newer flow in the list.
      </Notice>
    );
  }
  if (fix.changes.length === 0) {
    return (
      <Notice icon="fix" title="Policies alone cannot turn this">
        {fix.notes.length > 0 ? fix.notes.join(' ') : 'No change of a single policy was found that would turn the verdict.'}
      </Notice>
    );
  }
  const stageable = fix.changes.every((change) => change.staged_yaml !== null);
  /** @param replace overwrite staged policies of the same names, which may be somebody's work */
  const stageAll = async (replace: boolean) => {
    setBusy(true);
    setProblem('');
    setTaken(false);
    try {
      const done: Policy[] = [];
      for (const change of fix.changes) done.push(await apply(change.staged_yaml!, replace ? undefined : ''));
      setStaged(done);
    } catch (refused) {
      setTaken(refused instanceof ApiError && refused.status === 409);
      setProblem(refused instanceof Error ? refused.message : String(refused));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.fix}>
      <p className={styles.intro}>
        {fix.changes.length === 1 ? 'This change' : `These ${fix.changes.length} changes together`} would make it <b>{wanted}</b>. Staged, nothing changes for
        traffic yet: flows show what the verdict would be, and you enforce it when it looks right.
      </p>
      {fix.notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      {fix.changes.map((change) => (
        <FixCard key={policyKey({ tier: change.tier, ...change.policy })} change={change} />
      ))}
      {fix.effect && <FixEffect effect={fix.effect} />}
      {problem !== '' && (
        <p className={styles.problem} role="alert">
          It could not be staged: {problem}
        </p>
      )}
      {staged.length > 0 ? (
        <div className={styles.done} role="status">
          <b>Staged.</b> New flows now show the verdict that it would give. Review and enforce:{' '}
          {staged.map((policy) => (
            <Link key={policyKey(policy)} href={policyHref(policyKey(policy))}>
              {policy.namespace === '' ? policy.name : `${policy.namespace}/${policy.name}`}
            </Link>
          ))}
        </div>
      ) : (
        <div className={styles.actions}>
          <Button primary icon="pending" disabled={busy || !editing || !stageable} onClick={() => void stageAll(false)}>
            {busy ? 'Staging …' : 'Stage it'}
          </Button>
          {taken && (
            <Button danger disabled={busy} onClick={() => void stageAll(true)}>
              Replace the staged policy
            </Button>
          )}
          <span className={styles.note}>{reasonNot(editing, fix.changes)}</span>
        </div>
      )}
    </div>
  );
}

function reasonNot(editing: boolean, changes: readonly FixChange[]): string {
  if (!editing) return 'You may look at policies but not change them: pass the YAML on to somebody who may.';
  const kind = changes.find((change) => change.staged_yaml === null)?.policy.kind;
  return kind === undefined ? '' : `A ${kind} cannot be staged: copy the YAML and apply it when you are sure.`;
}
