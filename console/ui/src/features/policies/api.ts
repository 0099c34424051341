import { getJson, queryOf, sendJson, type Problem } from '../../api/http';
import { timesOf } from '../flows/api/list';
import type { Span } from '../flows/filters/range';
import type { WireFlow } from '../flows/model/wire';

/** What a policy did in a range of time: connections. */
export interface Activity {
  readonly allowed: number;
  readonly denied: number;
  readonly passed: number;
  /** RFC 3339; null if it was not used in the range. */
  readonly last_used: string | null;
}

export interface PolicyName {
  readonly kind: string;
  /** Empty for cluster-wide kinds. */
  readonly namespace: string;
  readonly name: string;
}

export interface BoardPolicy extends PolicyName {
  /** Null is last. */
  readonly order: number | null;
  readonly staged: boolean;
  readonly types: readonly string[];
  readonly ingress_rules: number;
  readonly egress_rules: number;
  readonly resource_version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly editable: boolean;
  readonly activity: Activity;
}

export interface BoardTier {
  readonly name: string;
  readonly order: number | null;
  readonly default_action: string;
  /** Policies name the tier but nobody made it; it denies. */
  readonly missing: boolean;
  readonly policies: readonly BoardPolicy[];
}

export interface Policy extends PolicyName {
  readonly api_version: string;
  readonly tier: string;
  readonly staged: boolean;
  readonly yaml: string;
  /** Empty for what is implied and not stored. */
  readonly resource_version: string;
  readonly editable: boolean;
  readonly rules: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
}

export interface Validation {
  readonly valid: boolean;
  /** Null where the text does not even say what it is. */
  readonly policy: PolicyName | null;
  readonly tier: string | null;
  readonly problems: readonly Problem[];
}

export interface PreviewItem {
  readonly flow: WireFlow;
  readonly before: string | null;
  readonly after: string | null;
  readonly uncertain: boolean;
  readonly reason: string;
}

export type VerdictChange = 'allowed -> denied' | 'denied -> allowed' | 'unknown';

/** Traffic that would be judged differently, whether or not anybody recorded it. */
export interface TurnedTraffic {
  /** Pairs of places. */
  readonly allowed_to_denied: number;
  readonly denied_to_allowed: number;
  readonly items: readonly {
    readonly change: VerdictChange;
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly traffic: string;
    readonly pairs: number;
  }[];
}

export interface Preview {
  readonly policy: PolicyName;
  /** The change is of a staged policy, so `before` and `after` are pending verdicts. */
  readonly staged: boolean;
  readonly before_yaml: string;
  readonly after_yaml: string;
  readonly flows: {
    readonly considered: number;
    readonly newly_allowed: number;
    readonly newly_denied: number;
    readonly unchanged: number;
    readonly uncertain: number;
    readonly truncated: boolean;
    readonly items: readonly PreviewItem[];
  };
  readonly endpoints: {
    readonly before: number;
    readonly after: number;
    readonly gained: readonly string[];
    readonly lost: readonly string[];
  };
  /** Null if it was not asked for, and for those who do not see all namespaces. */
  readonly traffic: TurnedTraffic | null;
}

export function pathOf(policy: PolicyName): string {
  return `/api/v1/policies/${[policy.kind, policy.namespace || '-', policy.name].map(encodeURIComponent).join('/')}`;
}

export async function fetchBoard(span: Span, signal: AbortSignal): Promise<readonly BoardTier[]> {
  return (await getJson<{ readonly tiers: readonly BoardTier[] }>(`/api/v1/tiers${queryOf(timesOf(span))}`, signal)).tiers;
}

export function fetchPolicy(policy: PolicyName, signal: AbortSignal): Promise<Policy> {
  return getJson<Policy>(pathOf(policy), signal);
}

export function validate(yaml: string, signal: AbortSignal): Promise<Validation> {
  return sendJson<Validation>('POST', '/api/v1/policies/validate', { yaml }, signal);
}

export type Change = { readonly yaml: string } | { readonly delete: PolicyName };

export function preview(change: Change, signal: AbortSignal): Promise<Preview> {
  return sendJson<Preview>('POST', '/api/v1/policies/preview', { ...change, startTimeGte: -3600 }, signal);
}

/** What it would do to all traffic that there could be; null for those who do not see all namespaces. */
export async function previewTraffic(change: Change, signal: AbortSignal): Promise<TurnedTraffic | null> {
  return (await sendJson<Preview>('POST', '/api/v1/policies/preview', { ...change, startTimeGte: -1, traffic: true }, signal)).traffic;
}

/** @param version of the policy that was edited; empty if there must be none yet, undefined for whatever is there */
export function apply(yaml: string, version?: string): Promise<Policy> {
  return sendJson<Policy>('POST', '/api/v1/policies/apply', version === undefined ? { yaml } : { yaml, resource_version: version });
}

/** Makes a staged copy, of what is stored or of an edited text of it, or stages the deletion. */
export function stage(policy: PolicyName, how: { readonly yaml?: string; readonly delete?: boolean } = {}): Promise<Policy> {
  return sendJson<Policy>('POST', `${pathOf(policy)}/stage`, how);
}

export function enforce(policy: PolicyName, version: string): Promise<Policy> {
  return sendJson<Policy>('POST', `${pathOf(policy)}/enforce`, { resource_version: version });
}

export function remove(policy: PolicyName, version: string): Promise<Policy> {
  return sendJson<Policy>('DELETE', `${pathOf(policy)}${queryOf({ resourceVersion: version })}`, undefined);
}

/** @param before the policy that shall follow; null for the end of the tier */
export function moveBefore(policy: PolicyName, before: PolicyName | null, version: string): Promise<Policy> {
  return sendJson<Policy>('POST', `${pathOf(policy)}/order`, { before: before && nameOnly(before), resource_version: version });
}

function nameOnly({ kind, namespace, name }: PolicyName): PolicyName {
  return { kind, namespace, name };
}
