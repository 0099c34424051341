import type { ActionName, WireFlow, WireHit } from './wire';

/** `pass` is a stage of a host endpoint that left the decision to the next one. */
export type Verdict = 'allow' | 'deny' | 'pass';

/** The side of a connection whose policies gave the verdict: the source's egress or the destination's ingress. */
export type Reporter = 'src' | 'dst';

/** A policy as a trace names it; the namespace is empty for cluster-wide kinds. */
export interface PolicyRef {
  readonly kind: string;
  readonly tier: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * One decisive step: a rule, or (`ruleIndex` -1) the default action of a tier or of the profiles. The
 * latter are of the kind Profile and, as a default action, without a name.
 */
export interface Hit extends PolicyRef {
  readonly action: ActionName;
  readonly ruleIndex: number;
  readonly trigger: PolicyRef | null;
}

/**
 * The steps behind a verdict. Traces repeat from flow to flow, so equal ones are one object: compare
 * them by identity.
 */
export interface Trace {
  readonly enforced: readonly Hit[];
  readonly pending: readonly Hit[];
  /** All policies in both lists, for an end of a tier its trigger; those of profiles too. */
  readonly policies: readonly PolicyRef[];
  /** The keys of those that have a name, see {@link policyKey}. */
  readonly policyKeys: readonly string[];
}

export interface Endpoint {
  /** A pod, or a group of them by their generate name with a star; a host, network set or network. */
  readonly name: string;
  /** Empty where there is none. */
  readonly namespace: string;
}

/** One flow record: what one reporter saw of one kind of connection in one time bucket. */
export interface Flow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly verdict: Verdict;
  /** The verdict if all staged policies were enforced. */
  readonly pending: Verdict;
  readonly reporter: Reporter;
  readonly source: Endpoint;
  readonly dest: Endpoint;
  /** `namespace/name` of the service whose address the client used; empty without one. */
  readonly service: string;
  readonly protocol: string;
  /** 0 where the protocol has no ports. */
  readonly port: number;
  readonly packets: number;
  readonly bytes: number;
  readonly trace: Trace;
  /** Lower-case text that the text filter searches. */
  readonly haystack: string;
  readonly wire: WireFlow;
}

export function pendingDiffers(flow: Flow): boolean {
  return flow.verdict !== flow.pending;
}

/** `Kind:namespace/name`, as filters and URLs name a policy. */
export function policyKey(policy: PolicyRef | WireHit): string {
  return policy.namespace ? `${policy.kind}:${policy.namespace}/${policy.name}` : `${policy.kind}:${policy.name}`;
}

/** The step that gave the verdict: the last one. Undefined when the server knows none. */
export function decidingHit(hits: readonly Hit[]): Hit | undefined {
  return hits[hits.length - 1];
}
