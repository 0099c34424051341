import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { navigate, usePlace } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { ConfirmDialog } from '../../policies/components/ConfirmDialog';
import { agentPolicyHref } from '../api';
import { AgentPolicyEditor } from './AgentPolicyEditor';
import { PolicyState } from './AgentPoliciesPage';
import { checkDeletion, enforce, fetchPolicies, remove, type AgentPolicy } from './api';
import { CheckResult } from './CheckResult';

/** One policy with its editor. */
export function AgentPolicyPage() {
  const params = new URLSearchParams(usePlace().query);
  const name = params.get('name') ?? '';
  const isNew = params.has('new');
  const [version, setVersion] = useState(0);
  const [asking, setAsking] = useState<'enforce' | 'delete' | null>(null);
  const [problem, setProblem] = useState('');
  const fetched = useFetched('policies', `${version} ${name}`, fetchPolicies);
  const all = fetched.state === 'done' ? fetched.value : null;
  const policy = all?.policies.find((other) => other.name === name) ?? null;
  useTitle(isNew ? 'New policy' : name);
  useShortcuts({ Escape: () => navigate('/policies') });
  const saved = (next: AgentPolicy) => {
    setAsking(null);
    setVersion(version + 1);
    navigate(agentPolicyHref(next.name), next.name === name ? 'replace' : 'push');
  };
  const failed = (refused: Error) => setProblem(refused.message);
  const open = (what: 'enforce' | 'delete') => {
    setProblem('');
    setAsking(what);
  };
  return (
    <PageFrame
      parent={{ href: '/policies', label: policy ? `Policies / ${policy.tier}` : 'Policies' }}
      title={isNew ? 'New policy' : name}
      filling={all !== null && (isNew || policy !== null)}
      marks={policy && <PolicyState policy={policy} />}
      actions={
        policy &&
        all?.may_edit && (
          <>
            {policy.staged && (
              <Button primary icon="done" onClick={() => open('enforce')}>
                Enforce …
              </Button>
            )}
            <Button danger icon="trash" onClick={() => open('delete')}>
              Delete …
            </Button>
          </>
        )
      }
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading">The policy.</Notice>}
      {fetched.state === 'failed' && <Notice icon="plug" title="The policy cannot be loaded">{fetched.reason}.</Notice>}
      {all && !isNew && policy === null && (
        <Notice icon="search" title="There is no such policy" action={<Button onClick={() => navigate('/policies')}>All policies</Button>}>
          If it was deleted, calls from before still name it.
        </Notice>
      )}
      {all && (isNew || policy) && <AgentPolicyEditor key={`${name} ${policy?.resource_version}`} policy={policy} all={all} onSaved={saved} />}
      {policy && asking === 'enforce' && (
        <ConfirmDialog title="Enforce this policy?" verb="Enforce" problem={problem} onConfirm={() => enforce(policy).then(saved, failed)} onClose={() => setAsking(null)}>
          <p>
            {policy.replaces === '' ? `${policy.name} decides from then on.` : `Its text takes the place of ${policy.replaces}, and the staged policy goes.`} The check beside the editor shows every recorded verdict
            that would change.
          </p>
        </ConfirmDialog>
      )}
      {policy && asking === 'delete' && (
        <ConfirmDialog title={`Delete ${policy.name}?`} verb="Delete" danger problem={problem} onConfirm={() => remove(policy).then(() => navigate('/policies'), failed)} onClose={() => setAsking(null)}>
          {policy.staged ? <p>It is staged: no verdict changes.</p> : <Deletion name={policy.name} />}
        </ConfirmDialog>
      )}
    </PageFrame>
  );
}

/** What the deletion of an enforced policy would do. */
function Deletion({ name }: { readonly name: string }) {
  const fetched = useFetched(name, '', (signal) => checkDeletion(name, signal));
  if (fetched.state === 'loading') return <p>Trying it on the recorded calls …</p>;
  return fetched.state === 'failed' ? <p>What it would do cannot be told: {fetched.reason}.</p> : <CheckResult check={fetched.value} />;
}
