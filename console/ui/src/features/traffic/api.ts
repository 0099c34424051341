import { getJson, queryOf } from '../../api/http';
import { timesOf } from '../flows/api/list';
import type { Span } from '../flows/filters/range';
import type { WireFlow } from '../flows/model/wire';
import { pathOf, type Activity, type BoardPolicy, type Policy, type PolicyName } from '../policies/api';
import type { Volume } from './volume';


/** Who talks to an endpoint or a namespace, or to whom it talks, on one port. */
export interface Peer {
  readonly name: string;
  /** A hyphen for none. */
  readonly namespace: string;
  readonly type: string;
  readonly protocol: string;
  readonly port: number;
  readonly allowed: Volume;
  readonly denied: Volume;
  readonly pending_differs: Volume;
  readonly last_seen: string;
  /** The newest flow of the pair. */
  readonly flow_id: string;
}

export interface Traffic {
  readonly inbound: readonly Peer[];
  readonly outbound: readonly Peer[];
  /** The newest denied flows in either direction. */
  readonly denied: readonly WireFlow[];
}

export interface Endpoint {
  readonly kind: 'pod' | 'host';
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface GoverningTier {
  readonly name: string;
  readonly default_action: string;
  readonly policies: readonly PolicyName[];
}

export interface EndpointSummary {
  readonly endpoint: Endpoint;
  /** How many endpoints the name stands for. */
  readonly siblings: number;
  readonly ingress: readonly GoverningTier[];
  readonly egress: readonly GoverningTier[];
  readonly profiles: readonly string[];
  readonly traffic: Traffic;
}

export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly endpoints: number;
  readonly policies: number;
}

export interface NamespaceSummary {
  readonly namespace: Namespace;
  readonly endpoints: readonly Endpoint[];
  readonly policies: readonly BoardPolicy[];
  readonly traffic: Traffic;
}

export interface PolicyRule {
  readonly direction: 'Ingress' | 'Egress';
  /** -1 is the end of the tier that the policy caused. */
  readonly rule_index: number;
  readonly yaml: string;
  readonly packets: { readonly allowed: number; readonly denied: number; readonly passed: number };
}

export interface PolicySummary {
  readonly policy: Policy;
  readonly activity: Activity;
  readonly rules: readonly PolicyRule[];
  readonly endpoints: readonly Endpoint[];
  readonly endpoint_count: number;
  readonly denied: readonly WireFlow[];
}

export async function fetchNamespaces(signal: AbortSignal): Promise<readonly Namespace[]> {
  return (await getJson<{ readonly items: readonly Namespace[] }>('/api/v1/namespaces', signal)).items;
}

export function fetchNamespace(name: string, span: Span, signal: AbortSignal): Promise<NamespaceSummary> {
  return getJson<NamespaceSummary>(`/api/v1/namespaces/${encodeURIComponent(name)}${queryOf(timesOf(span))}`, signal);
}

/** @param namespace empty for a host endpoint */
export function fetchEndpoint(namespace: string, name: string, span: Span, signal: AbortSignal): Promise<EndpointSummary> {
  return getJson<EndpointSummary>(`/api/v1/endpoints/${encodeURIComponent(namespace || '-')}/${encodeURIComponent(name)}${queryOf(timesOf(span))}`, signal);
}

export function fetchPolicySummary(policy: PolicyName, span: Span, signal: AbortSignal): Promise<PolicySummary> {
  return getJson<PolicySummary>(`${pathOf(policy)}/summary${queryOf(timesOf(span))}`, signal);
}
