import { useCallback, useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { policyHref } from '../../../app/pages';
import { navigate, usePlace } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatRange, parseRange, spanOf, type Range } from '../../flows/filters/range';
import { RangeMenu } from '../../time/components/RangeMenu';
import { fetchPolicySummary } from '../../traffic/api';
import { kindLabel, qualified } from '../../verdict/words';
import type { Policy, PolicyName } from '../api';
import { keyOf, parseKey } from '../model/board';
import { NEW_POLICY } from '../model/staging';
import { PolicyActions } from './PolicyActions';
import { PolicyEditor } from './PolicyEditor';
import { PolicyFacts } from './PolicyFacts';

/** One policy: its text and what each rule did, whom it governs, what it denied; and its editor. */
export function PolicyPage() {
  const { query } = usePlace();
  const params = new URLSearchParams(query);
  const name = parseKey(params.get('key') ?? '');
  if (params.has('new')) return <NewPolicy />;
  if (!name) {
    return (
      <PageFrame parent={{ href: '/policies', label: 'Policies' }} title="No such policy">
        <Notice icon="search" title="This address names no policy" action={<Button onClick={() => navigate('/policies')}>To the policy board</Button>}>
          It should end like <code>?key=CalicoNetworkPolicy:shop/cart</code>.
        </Notice>
      </PageFrame>
    );
  }
  return <OnePolicy key={keyOf(name)} name={name} range={parseRange(params.get('range'))} editing={params.has('edit')} />;
}

function NewPolicy() {
  useTitle('New policy');
  return (
    <PageFrame parent={{ href: '/policies', label: 'Policies' }} title="New policy" filling>
      <PolicyEditor policy={null} initial={NEW_POLICY} onSaved={(saved) => navigate(policyHref(keyOf(saved)), 'replace')} onCancel={() => navigate('/policies')} />
    </PageFrame>
  );
}

interface OnePolicyProps {
  readonly name: PolicyName;
  readonly range: Range;
  readonly editing: boolean;
}

function OnePolicy({ name, range, editing }: OnePolicyProps) {
  const [version, setVersion] = useState(0);
  const key = keyOf(name);
  const fetched = useFetched(`${key} ${formatRange(range)}`, String(version), (signal) => fetchPolicySummary(name, spanOf(range, Date.now()), signal));
  useTitle(qualified(name));
  const href = (how: { readonly edit?: boolean; readonly range?: Range }) => {
    const time = formatRange(how.range ?? range);
    return `${policyHref(key)}${time === '' ? '' : `&range=${encodeURIComponent(time)}`}${how.edit ? '&edit=1' : ''}`;
  };
  const reload = useCallback(() => setVersion((last) => last + 1), []);
  const saved = (policy: Policy) => {
    if (keyOf(policy) !== key) return navigate(policyHref(keyOf(policy)));
    navigate(href({}), 'replace');
    reload();
  };
  const policy = fetched.state === 'done' ? fetched.value.policy : null;
  useShortcuts({
    e: () => policy?.editable && !editing && navigate(href({ edit: true })),
    Escape: () => (editing ? navigate(href({}), 'replace') : navigate('/policies')),
  });
  return (
    <PageFrame
      parent={{ href: '/policies', label: policy && policy.tier !== '' ? `Policies / ${policy.tier}` : 'Policies' }}
      title={qualified(name)}
      filling={editing && policy !== null}
      marks={
        <>
          <Badge>{kindLabel(name.kind)}</Badge>
          {policy?.staged && <Badge tone="pending">staged</Badge>}
        </>
      }
      actions={
        policy &&
        !editing && (
          <>
            <RangeMenu range={range} onRange={(next) => navigate(href({ range: next }), 'replace')} />
            <PolicyActions policy={policy} onEdit={() => navigate(href({ edit: true }))} onDone={saved} onGone={() => navigate('/policies')} />
          </>
        )
      }
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading the policy">Its text, its rules’ counts and whom it governs.</Notice>}
      {fetched.state === 'failed' && (
        <Notice icon="warn" title="This policy cannot be shown" action={<Button onClick={reload}>Try again</Button>}>
          {fetched.reason}. If it was deleted, flows from before still name it.
        </Notice>
      )}
      {policy && editing && <PolicyEditor policy={policy} initial={policy.yaml} onSaved={saved} onCancel={() => navigate(href({}), 'replace')} />}
      {fetched.state === 'done' && !editing && <PolicyFacts summary={fetched.value} range={range} />}
    </PageFrame>
  );
}
