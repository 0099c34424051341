import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { policyHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { Button } from '../../../design/Button';
import { CopyButton } from '../../../design/CopyButton';
import { policyKey, type Hit, type PolicyRef } from '../../flows/model/flow';
import { fetchPolicy, type PolicyText } from '../api/policies';
import { isDefaultAction } from '../chain';
import { locateRule } from '../locateRule';
import { kindLabel, qualified, type Direction } from '../words';
import styles from './DecidingRule.module.css';
import { YamlView } from './YamlView';

interface DecidingRuleProps {
  readonly title: string;
  readonly hit: Hit;
  readonly direction: Direction;
  /** The policy is asked for again when this changes: it may have been edited. */
  readonly version: string;
}

/** The rule that decided, in YAML; for a tier's default, the policy that brought it about. */
export function DecidingRule({ title, hit, direction, version }: DecidingRuleProps) {
  const ref: PolicyRef | null = isDefaultAction(hit) ? hit.trigger : hit;
  if (!ref) return null;
  return <PolicyRule key={`${ref.kind}:${qualified(ref)}`} title={title} policy={ref} rule={hit.ruleIndex} direction={direction} version={version} />;
}

interface PolicyRuleProps {
  readonly title: string;
  readonly policy: PolicyRef;
  readonly rule: number;
  readonly direction: Direction;
  readonly version: string;
}

function PolicyRule({ title, policy, rule, direction, version }: PolicyRuleProps) {
  const fetched = useFetched(`${policy.kind}:${qualified(policy)}`, version, (signal) => fetchPolicy(policy, signal));
  const [whole, setWhole] = useState(rule < 0);
  return (
    <section className={styles.rule}>
      <header className={styles.header}>
        <div>
          <h3>{title}</h3>
          <p>
            {kindLabel(policy.kind)} <Link href={policyHref(policyKey(policy))}>{qualified(policy)}</Link>
            {rule >= 0 ? `, ${direction} rule ${rule}` : ' brings the default action about: it applies, and none of its rules matched'}
          </p>
        </div>
        {fetched.state === 'done' && (
          <span className={styles.actions}>
            {rule >= 0 && (
              <Button quiet onClick={() => setWhole(!whole)} aria-expanded={whole}>
                {whole ? 'Only the rule' : 'Whole policy'}
              </Button>
            )}
            <CopyButton text={shownText(fetched.value, whole, direction, rule)} label="Copy the YAML" />
          </span>
        )}
      </header>
      {fetched.state === 'loading' && <p className={styles.note}>Loading the policy …</p>}
      {fetched.state === 'failed' && (
        <p className={styles.note} role="alert">
          The policy cannot be shown: {fetched.reason}. It may have been deleted after this flow; the verdict above is from then.
        </p>
      )}
      {fetched.state === 'done' && (
        <YamlView
          label={`YAML of ${qualified(policy)}`}
          yaml={shownText(fetched.value, whole, direction, rule)}
          marked={whole ? locateRule(fetched.value.yaml, direction, rule) : null}
        />
      )}
    </section>
  );
}

/** The rule alone if the policy still has it. */
function shownText(policy: PolicyText, whole: boolean, direction: Direction, rule: number): string {
  return (whole ? undefined : policy.rules[direction][rule]) ?? policy.yaml;
}
