import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { Link, navigate } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatCount, plural } from '../../../format/text';
import { formatDayTime } from '../../../format/time';
import tables from '../../traffic/tables.module.css';
import shared from '../agents.module.css';
import { agentPolicyHref, callsHref } from '../api';
import { fetchCoverage, fetchPolicies, type AgentPolicies, type AgentPolicy, type Coverage, type PolicyUse } from './api';

/** The policies by tier, what each decided, and of whom none speaks. */
export function AgentPoliciesPage() {
  const [version, setVersion] = useState(0);
  const [cursor, setCursor] = useState(-1);
  const policies = useFetched('policies', String(version), fetchPolicies);
  const coverage = useFetched('coverage', String(version), fetchCoverage);
  useTitle('Agent policies');
  const all = policies.state === 'done' ? inOrder(policies.value) : [];
  const move = (step: number) => setCursor(Math.max(0, Math.min(cursor + step, all.length - 1)));
  const mayEdit = policies.state === 'done' && policies.value.may_edit;
  useShortcuts({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => all[cursor] && navigate(agentPolicyHref(all[cursor].name)),
    n: () => mayEdit && navigate('/policy?new=1'),
  });
  const uses = new Map((coverage.state === 'done' ? coverage.value.policies : []).map((use) => [use.name, use]));
  return (
    <PageFrame
      title="Policies"
      actions={
        mayEdit && (
          <Button primary icon="plus" title="New policy (n)" onClick={() => navigate('/policy?new=1')}>
            New policy
          </Button>
        )
      }
    >
      {policies.state === 'loading' && <Notice icon="pending" title="Loading">The policies and what they decided.</Notice>}
      {policies.state === 'failed' && (
        <Notice icon="plug" title="The policies cannot be loaded" action={<Button onClick={() => setVersion(version + 1)}>Try again</Button>}>
          {policies.reason}.
        </Notice>
      )}
      {policies.state === 'done' && all.length === 0 && <Notice icon="warn" title="There is no policy">So everything is denied.</Notice>}
      {all.length > 0 && (
        <div className={tables.frame} style={{ maxHeight: 'none' }} role="region" aria-label="Policies, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Tier</th>
                <th scope="col">Policy</th>
                <th scope="col">State</th>
                <th scope="col" className={tables.number}>
                  Permitted
                </th>
                <th scope="col" className={tables.number}>
                  Denied
                </th>
                <th scope="col" className={tables.number}>
                  Held
                </th>
                <th scope="col" className={tables.number}>
                  Would decide
                </th>
                <th scope="col">May speak of</th>
                <th scope="col">
                  <span className="visually-hidden">Calls</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map((policy, index) => (
                <Row key={policy.name} policy={policy} use={uses.get(policy.name)} current={index === cursor} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {coverage.state === 'failed' && <p className={shared.dim}>What they decided cannot be told: {coverage.reason}.</p>}
      {coverage.state === 'done' && <Gaps coverage={coverage.value} />}
    </PageFrame>
  );
}

function inOrder({ tiers, policies }: AgentPolicies): readonly AgentPolicy[] {
  const place = (tier: string) => (tiers.includes(tier) ? tiers.indexOf(tier) : tiers.length);
  return [...policies].sort((a, b) => place(a.tier) - place(b.tier) || a.name.localeCompare(b.name));
}

function Row({ policy, use, current }: { readonly policy: AgentPolicy; readonly use: PolicyUse | undefined; readonly current: boolean }) {
  return (
    <tr className={classes(current && shared.current)} aria-current={current || undefined} data-policy={policy.name}>
      <td>{policy.tier}</td>
      <td>
        <Link className={tables.name} href={agentPolicyHref(policy.name)}>
          {policy.name}
        </Link>
      </td>
      <td>
        <PolicyState policy={policy} />
      </td>
      <td className={tables.number}>{use ? formatCount(use.permitted) : '–'}</td>
      <td className={tables.number}>{use ? formatCount(use.denied) : '–'}</td>
      <td className={tables.number}>{use ? formatCount(use.held) : '–'}</td>
      <td className={tables.number}>{use ? formatCount(use.pending) : '–'}</td>
      <td>{use ? `${plural(use.agents, 'agent')}, ${plural(use.targets, 'target')}` : '–'}</td>
      <td>
        <Link href={callsHref({ policy: policy.name })}>Calls</Link>
      </td>
    </tr>
  );
}

export function PolicyState({ policy }: { readonly policy: AgentPolicy }) {
  return (
    <>
      {policy.staged ? <Badge tone="pending">staged{policy.replaces === '' ? '' : ` for ${policy.replaces}`}</Badge> : <Badge>enforced</Badge>}
      {policy.problems.length > 0 && (
        <>
          {' '}
          <Badge tone="deny" title={policy.problems.map(({ reason }) => reason).join('; ')}>
            refused
          </Badge>
        </>
      )}
    </>
  );
}

/** Of whom no enforced policy speaks. */
function Gaps({ coverage }: { readonly coverage: Coverage }) {
  return (
    <section className={shared.card} style={{ marginTop: 12 }} aria-label="Coverage">
      <h2>
        Coverage
        <small>
          of the newest {plural(coverage.considered, 'call')}
          {coverage.since !== null && ` since ${formatDayTime(Date.parse(coverage.since))}`}; no policy decided {formatCount(coverage.by_no_policy)} of them
        </small>
      </h2>
      <p>
        {coverage.agents_without_policy.length === 0
          ? 'Some policy may have a say about every agent.'
          : `No policy speaks of these agents as callers, so all that they call is denied: ${coverage.agents_without_policy.join(', ')}.`}
      </p>
      <p>
        {coverage.targets_without_policy.length === 0
          ? 'Some policy may have a say about everything that can be called.'
          : `No policy speaks of these as targets, so nobody may call them: ${coverage.targets_without_policy.join(', ')}.`}
      </p>
    </section>
  );
}
