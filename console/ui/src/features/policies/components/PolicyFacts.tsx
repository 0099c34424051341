import { useState } from 'react';
import { endpointHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { Button } from '../../../design/Button';
import { CopyButton } from '../../../design/CopyButton';
import { formatCount, plural } from '../../../format/text';
import { formatAge } from '../../../format/time';
import { matchOf } from '../../flows/filters/policies';
import type { Range } from '../../flows/filters/range';
import { flowsHref } from '../../flows/filters/url';
import { useNow } from '../../flows/hooks/useNow';
import type { Endpoint, PolicyRule, PolicySummary } from '../../traffic/api';
import { DeniedTable } from '../../traffic/DeniedTable';
import { YamlView } from '../../verdict/components/YamlView';
import styles from './PolicyFacts.module.css';

/** What a policy says and did. */
export function PolicyFacts({ summary, range }: { readonly summary: PolicySummary; readonly range: Range }) {
  const { policy, activity, rules, endpoints, endpoint_count: endpointCount, denied } = summary;
  const now = useNow(true);
  const [whole, setWhole] = useState(false);
  const filter = matchOf(policy);
  const did = policy.staged ? 'would have' : '';
  return (
    <div className={styles.facts}>
      <div className={styles.top}>
        <dl className={styles.figures}>
          <Figure label={`${did} allowed`} value={activity.allowed} tone="allow" />
          <Figure label={`${did} denied`} value={activity.denied} tone="deny" />
          <Figure label={`${did} passed on`} value={activity.passed} />
          <div>
            <dt>last used</dt>
            <dd>{activity.last_used === null ? 'not in this time' : formatAge(Math.min(now, Date.parse(activity.last_used)), now)}</dd>
          </div>
          <div>
            <dt>governs</dt>
            <dd>{plural(endpointCount, 'endpoint')}</dd>
          </div>
        </dl>
        <Link className={styles.flows} href={flowsHref({ policies: [filter] }, range)}>
          Its flows
        </Link>
      </div>
      <div className={styles.columns}>
        <section aria-label="Rules">
          <header className={styles.head}>
            <h2>{whole ? 'Text' : 'Rules, and what they did'}</h2>
            <span>
              <Button quiet aria-expanded={whole} onClick={() => setWhole(!whole)}>
                {whole ? 'Rule by rule' : 'Whole text'}
              </Button>
              <CopyButton text={policy.yaml} label="Copy the YAML" />
            </span>
          </header>
          {whole ? (
            <div className={styles.text}>
              <YamlView yaml={policy.yaml} label="YAML of the policy" />
            </div>
          ) : (
            <Rules rules={rules} />
          )}
        </section>
        <section aria-label="Endpoints">
          <header className={styles.head}>
            <h2>Whom it governs now</h2>
          </header>
          <Endpoints endpoints={endpoints} count={endpointCount} />
        </section>
      </div>
      <DeniedTable flows={denied} now={now} empty={policy.staged ? 'It would have denied nothing in this time.' : 'It denied nothing in this time.'} />
    </div>
  );
}

function Figure({ label, value, tone }: { readonly label: string; readonly value: number; readonly tone?: string }) {
  return (
    <div data-tone={value > 0 ? tone : undefined}>
      <dt>{label}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  );
}

function Rules({ rules }: { readonly rules: readonly PolicyRule[] }) {
  if (rules.length === 0) return <p className={styles.empty}>It has no rules: whatever reaches it goes to the end of the tier.</p>;
  return (
    <ol className={styles.rules}>
      {rules.map(({ direction, rule_index: index, yaml, packets }) => (
        <li key={`${direction} ${index}`}>
          <header>
            <b>{index < 0 ? `End of tier, ${direction.toLowerCase()}` : `${direction} ${index}`}</b>
            <span data-zero={packets.allowed === 0 ? true : undefined} className={styles.allow}>
              {formatCount(packets.allowed)} allowed
            </span>
            <span data-zero={packets.denied === 0 ? true : undefined} className={styles.deny}>
              {formatCount(packets.denied)} denied
            </span>
            <span data-zero={packets.passed === 0 ? true : undefined}>{formatCount(packets.passed)} passed</span>
          </header>
          {yaml !== '' && <YamlView yaml={yaml} label={`${direction} rule ${index}`} />}
        </li>
      ))}
    </ol>
  );
}

function Endpoints({ endpoints, count }: { readonly endpoints: readonly Endpoint[]; readonly count: number }) {
  if (count === 0) return <p className={styles.empty}>Nobody: no endpoint matches its selector. Compare the selector with the labels of the pods.</p>;
  return (
    <ul className={styles.endpoints}>
      {endpoints.map((endpoint) => (
        <li key={`${endpoint.namespace}/${endpoint.name}`}>
          <Link href={endpointHref(endpoint)}>
            {endpoint.namespace !== '' && endpoint.namespace !== '-' && <small>{endpoint.namespace}/</small>}
            {endpoint.name}
          </Link>
          <span>{endpoint.node}</span>
        </li>
      ))}
      {count > endpoints.length && <li className={styles.more}>and {plural(count - endpoints.length, 'more')}</li>}
    </ul>
  );
}
