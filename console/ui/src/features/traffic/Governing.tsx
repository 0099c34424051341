import { policyHref } from '../../app/pages';
import { Link } from '../../app/router';
import { keyOf } from '../policies/model/board';
import { isStagedKind } from '../policies/model/staging';
import { kindAbbreviation, kindLabel, qualified } from '../verdict/words';
import type { GoverningTier } from './api';
import styles from './Governing.module.css';

interface GoverningProps {
  readonly title: string;
  readonly tiers: readonly GoverningTier[];
  readonly profiles: readonly string[];
}

/** What decides about one direction, in the order of evaluation. */
export function Governing({ title, tiers, profiles }: GoverningProps) {
  return (
    <section className={styles.governing} aria-label={title}>
      <h3>{title}</h3>
      <ol>
        {tiers.map((tier) => (
          <li key={tier.name}>
            <p className={styles.tier}>
              {tier.name} <span>else {tier.default_action}</span>
            </p>
            <ul>
              {tier.policies.map((policy) => (
                <li key={keyOf(policy)} className={isStagedKind(policy.kind) ? styles.staged : undefined}>
                  <span className={styles.kind} title={kindLabel(policy.kind)}>
                    {kindAbbreviation(policy.kind)}
                  </span>
                  <Link href={policyHref(keyOf(policy))}>{qualified(policy)}</Link>
                  {isStagedKind(policy.kind) && <span className={styles.mark}>staged</span>}
                </li>
              ))}
            </ul>
          </li>
        ))}
        <li>
          <p className={styles.tier}>
            profiles <span>else Deny</span>
          </p>
          <ul>
            {profiles.map((profile) => (
              <li key={profile}>
                <span className={styles.kind}>profile</span>
                <Link href={policyHref(`Profile:${profile}`)}>{profile}</Link>
              </li>
            ))}
            {profiles.length === 0 && <li className={styles.none}>none</li>}
          </ul>
        </li>
      </ol>
    </section>
  );
}
