import { classes } from '../../../design/classes';
import type { Link, Step } from '../chain';
import { isDefaultAction, isProfile } from '../chain';
import { explainStep, isStaged, kindLabel, qualified, type Direction } from '../words';
import styles from './TierChain.module.css';
import { ActionMark } from './VerdictMark';

interface TierChainProps {
  readonly chain: readonly Link[];
  readonly direction: Direction;
}

/** The tiers from top to bottom as the evaluation walked them; the pending walk beside it where it differs. */
export function TierChain({ chain, direction }: TierChainProps) {
  const both = chain.some((link) => link.differs);
  return (
    <ol className={classes(styles.chain, both && styles.both)} aria-label="Tiers in order of evaluation">
      {both && (
        <li className={styles.heads} aria-hidden="true">
          <span>Enforced now</span>
          <span>Pending, with staged policies</span>
        </li>
      )}
      {chain.map((link) => (
        <li key={link.tier ?? 'profiles'} className={classes(styles.link, link.differs && styles.differs)}>
          <StepCard link={link} step={link.enforced} direction={direction} lane={both ? 'Enforced' : null} />
          {both && <StepCard link={link} step={link.pending} direction={direction} lane="Pending" />}
        </li>
      ))}
    </ol>
  );
}

interface StepCardProps {
  readonly link: Link;
  readonly step: Step;
  readonly direction: Direction;
  readonly lane: 'Enforced' | 'Pending' | null;
}

function StepCard({ link, step, direction, lane }: StepCardProps) {
  const hit = step.type === 'hit' ? step.hit : null;
  const final = step.type === 'hit' && step.final;
  const changed = link.differs && lane === 'Pending';
  const same = !link.differs && lane === 'Pending';
  return (
    <div
      className={classes(styles.step, styles[step.type], final && styles.final, final && hit && styles[hit.action.toLowerCase()], changed && styles.changed)}
      data-testid={lane === 'Pending' ? 'pending-step' : 'enforced-step'}
    >
      <div className={styles.head}>
        {lane && <span className="visually-hidden">{lane}: </span>}
        <span className={styles.tier}>{link.tier ?? 'Profiles'}</span>
        {hit && <ActionMark action={hit.action} />}
      </div>
      {hit && (isDefaultAction(hit) ? <p className={styles.policy}>{isProfile(hit) ? 'No profile' : 'End of tier'}</p> : <p className={styles.policy}>{qualified(hit)}</p>)}
      <p className={styles.words}>
        {hit && !same && !isDefaultAction(hit) && <span className={classes(styles.kind, isStaged(hit) && styles.staged)}>{kindLabel(hit.kind)}. </span>}
        {same ? 'As enforced.' : explainStep(step, link.tier, direction)}
      </p>
    </div>
  );
}
