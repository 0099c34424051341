import { Fragment } from 'react';
import type { BoardPolicy, BoardTier } from '../api';
import { keyOf } from '../model/board';
import { PolicyCard } from './PolicyCard';
import styles from './TierColumn.module.css';

interface TierColumnProps {
  readonly tier: BoardTier;
  readonly position: number;
  readonly current: string | null;
  readonly now: number;
  readonly filtering: boolean;
  /** The card that is dragged, if it is of this tier. */
  readonly dragged: BoardPolicy | null;
  /** Before which card it would be dropped; null is the end, undefined nowhere. */
  readonly dropBefore: string | null | undefined;
  readonly onCurrent: (key: string) => void;
  readonly onDrag: (policy: BoardPolicy | null) => void;
  readonly onDropBefore: (key: string | null) => void;
  readonly onDrop: () => void;
}

export function TierColumn(props: TierColumnProps) {
  const { tier, position, current, now, filtering, dragged, dropBefore, onCurrent, onDrag, onDropBefore, onDrop } = props;
  const takes = dragged !== null;
  return (
    <section
      className={styles.column}
      aria-label={`Tier ${tier.name}`}
      onDragOver={(event) => takes && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (takes) onDrop();
      }}
    >
      <header className={styles.header}>
        <span className={styles.position}>{position}</span>
        <h2>{tier.name}</h2>
        <span className={styles.facts}>
          order {tier.order ?? 'last'} · else <b data-action={tier.default_action}>{tier.default_action}</b>
        </span>
      </header>
      {tier.missing && <p className={styles.missing}>Policies name this tier but nobody made it, so it denies. Create the Tier, or name another one.</p>}
      <ol className={styles.cards}>
        {tier.policies.map((policy, index) => {
          const key = keyOf(policy);
          const next = tier.policies[index + 1];
          return (
            <Fragment key={key}>
              {dropBefore === key && <li className={styles.drop} aria-hidden="true" />}
              <PolicyCard
                policy={policy}
                current={current === key}
                now={now}
                onFocus={() => onCurrent(key)}
                onDragStart={() => onDrag(policy)}
                onDragEnd={() => onDrag(null)}
                onDragOver={takes ? (above) => onDropBefore(above ? key : next ? keyOf(next) : null) : undefined}
              />
            </Fragment>
          );
        })}
        {dropBefore === null && <li className={styles.drop} aria-hidden="true" />}
        {tier.policies.length === 0 && <li className={styles.empty}>{filtering ? 'Nothing here matches.' : 'No policies: the tier is skipped.'}</li>}
      </ol>
    </section>
  );
}
