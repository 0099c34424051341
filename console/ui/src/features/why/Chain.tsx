import type { ReactNode } from 'react';
import { decidingHit, type Trace } from '../flows/model/flow';
import { buildChain, type Tier } from '../verdict/chain';
import { DecidingRule } from '../verdict/components/DecidingRule';
import { TierChain } from '../verdict/components/TierChain';
import type { Direction } from '../verdict/words';
import styles from './WhyPage.module.css';

interface ChainProps {
  /** What judges, and the verdict. */
  readonly title: ReactNode;
  readonly label: string;
  readonly trace: Trace;
  readonly tiers: readonly Tier[];
  readonly direction: Direction;
  /** Policies are asked for again when this changes. */
  readonly version: string;
}

/** The chain of tiers at one end, and the rule at its end. */
export function Chain({ title, label, trace, tiers, direction, version }: ChainProps) {
  const hit = decidingHit(trace.enforced);
  return (
    <section className={styles.step} aria-label={label}>
      <h2>{title}</h2>
      <TierChain chain={buildChain(trace, tiers)} direction={direction} />
      {hit && <DecidingRule title="What decides" hit={hit} direction={direction} version={version} />}
    </section>
  );
}
