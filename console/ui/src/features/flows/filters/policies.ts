import { type PolicyRef, type Trace } from '../model/flow';

/**
 * How a filter names policies: kind, tier, namespace and name, each of them `*` for any, joined by
 * slashes. A cluster-wide policy has the namespace `-`. Everything inside one match must hold, and one
 * of several matches must: Whisker's groups.
 */
export interface PolicyMatch {
  readonly kind: string;
  readonly tier: string;
  readonly namespace: string;
  readonly name: string;
}

const ANY = '*';
const NO_NAMESPACE = '-';

export function formatPolicyMatch(match: Partial<PolicyMatch>): string {
  return [match.kind, match.tier, match.namespace, match.name].map((part) => part || ANY).join('/');
}

/** Null for what is no match. */
export function parsePolicyMatch(text: string): PolicyMatch | null {
  const parts = text.split('/');
  if (parts.length !== 4 || parts.some((part) => part === '')) return null;
  const [kind, tier, namespace, name] = parts as [string, string, string, string];
  return { kind, tier, namespace, name };
}

/** Exactly this policy, in whichever tier it is or was. */
export function matchOf(policy: Pick<PolicyRef, 'kind' | 'namespace' | 'name'>): string {
  return formatPolicyMatch({ kind: policy.kind, namespace: policy.namespace || NO_NAMESPACE, name: policy.name });
}

/** Flows that no policy decided: a profile did. Whisker calls that "No Policy". */
export const NO_POLICY = formatPolicyMatch({ kind: 'Profile' });

/** The fields that the match asks for, as the server's filter names them. */
export function fieldsOf(match: PolicyMatch): Partial<PolicyMatch> {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== ANY));
}

export function policyMatchLabel(text: string): string {
  const match = parsePolicyMatch(text);
  if (!match) return text;
  if (text === NO_POLICY) return 'no policy';
  const { kind, tier, namespace, name } = match;
  if (name !== ANY) return namespace === ANY || namespace === NO_NAMESPACE ? name : `${namespace}/${name}`;
  const parts = [kind !== ANY && kind, tier !== ANY && `tier ${tier}`, namespace !== ANY && `namespace ${namespace}`];
  return parts.filter(Boolean).join(', ') || 'any policy';
}

/** Compiles several matches; the answer for each of the few distinct traces is remembered. */
export function policyPredicate(texts: readonly string[]): (trace: Trace) => boolean {
  const matches = texts.map(parsePolicyMatch).filter((match) => match !== null);
  const known = new Map<Trace, boolean>();
  return (trace) => {
    let answer = known.get(trace);
    if (answer === undefined) {
      answer = trace.policies.some((policy) => matches.some((match) => holds(match, policy)));
      known.set(trace, answer);
    }
    return answer;
  };
}

function holds(match: PolicyMatch, policy: PolicyRef): boolean {
  return (
    (match.kind === ANY || match.kind === policy.kind) &&
    (match.tier === ANY || match.tier === policy.tier) &&
    (match.namespace === ANY || match.namespace === (policy.namespace || NO_NAMESPACE)) &&
    (match.name === ANY || match.name === policy.name)
  );
}
