import { useState } from 'react';
import { useFetched } from '../../api/useFetched';
import { Button } from '../../design/Button';
import { Icon } from '../../design/Icon';
import { Notice } from '../../design/Notice';
import { Proposal } from '../fix/FixTab';
import { traceOf } from '../flows/api/decode';
import type { ActionName } from '../flows/model/wire';
import { ActionMark, PendingMark, VerdictMark } from '../verdict/components/VerdictMark';
import { fetchFixOf, fetchWhy, type Question, type Why, type WireStep } from './api';
import { Chain } from './Chain';
import styles from './WhyPage.module.css';

/** What the policies of now say. */
export function NowAnswer({ question }: { readonly question: Question }) {
  const fetched = useFetched('why', '', (signal) => fetchWhy(question, signal));
  switch (fetched.state) {
    case 'loading':
      return (
        <Notice icon="pending" title="Judging">
          The connection is judged on a copy of the cluster.
        </Notice>
      );
    case 'failed':
      return (
        <Notice icon="search" title="This cannot be judged" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      );
    case 'done':
      return <Answer question={question} why={fetched.value} />;
  }
}

function Answer({ question, why }: { readonly question: Question; readonly why: Why }) {
  const [fixing, setFixing] = useState(false);
  const verdict = verdictOf(why.action);
  const pending = verdictOf(why.pending_action);
  return (
    <div className={styles.answer}>
      <header className={styles.verdict}>
        <VerdictMark verdict={verdict} large />
        {pending !== verdict && <PendingMark pending={pending} />}
        <span className={styles.path}>
          {why.from} <Icon name="arrow" /> {why.to}
          <small>
            {why.protocol} {why.port > 0 && question.port}
          </small>
        </span>
        <Button icon="fix" aria-expanded={fixing} onClick={() => setFixing(!fixing)}>
          Propose a fix
        </Button>
      </header>
      {why.notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}.
        </p>
      ))}
      {fixing && <Fix question={question} denied={verdict === 'deny'} />}
      <div className={styles.steps}>
        {why.steps.map((step) => (
          <Step key={`${step.endpoint} ${step.direction} ${step.forwarding}`} step={step} />
        ))}
      </div>
    </div>
  );
}

function Fix({ question, denied }: { readonly question: Question; readonly denied: boolean }) {
  const fetched = useFetched('fix', '', (signal) => fetchFixOf(question, signal));
  return (
    <section className={styles.fix} aria-label="Proposed change">
      {fetched.state === 'loading' && <p className={styles.note}>Trying changes on a copy of the cluster …</p>}
      {fetched.state === 'failed' && <p className={styles.note}>No fix can be proposed here: {fetched.reason}.</p>}
      {fetched.state === 'done' && <Proposal fix={fetched.value} verdict={denied ? 'deny' : 'allow'} />}
    </section>
  );
}

function Step({ step }: { readonly step: WireStep }) {
  const tiers = step.tiers.map((tier) => ({ name: tier.name, order: null, defaultAction: tier.default_action }));
  const label = `${step.direction === 'egress' ? 'Egress' : 'Ingress'} at ${step.endpoint}`;
  return (
    <Chain
      label={label}
      title={
        <>
          {label}
          {step.forwarding && ', which forwards'} {step.action === null ? <small>not reached: denied before</small> : <ActionMark action={step.action as ActionName} />}
        </>
      }
      trace={traceOf(step.policies)}
      tiers={tiers}
      direction={step.direction}
      version=""
    />
  );
}

function verdictOf(action: string) {
  return action === 'Allow' ? 'allow' : 'deny';
}
