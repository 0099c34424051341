import { peerText } from '../filters/peers';
import { pendingDiffers, policyKey, type Flow, type PolicyRef } from '../model/flow';
import type { Change } from './FlowBuffer';

/** The length of one bar, in milliseconds: the server's aggregation interval. */
export const BUCKET_MILLIS = 15_000;

export interface Bucket {
  allowed: number;
  denied: number;
}

/** Running counts over what a list holds, for the header and the choices of the filters. */
export class Tally {
  flows = 0;
  denied = 0;
  differing = 0;
  readonly buckets = new Map<number, Bucket>();
  readonly namespaces = new Map<string, number>();
  readonly sources = new Map<string, number>();
  readonly dests = new Map<string, number>();
  readonly ports = new Map<string, number>();
  readonly policies = new Map<string, number>();
  /** What the keys of `policies` stand for; it only grows. */
  readonly policyRefs = new Map<string, PolicyRef>();

  apply(change: Change): void {
    change.removed.forEach((flow) => this.count(flow, -1));
    change.added.forEach((flow) => this.count(flow, 1));
  }

  private count(flow: Flow, by: 1 | -1): void {
    this.flows += by;
    if (flow.verdict === 'deny') this.denied += by;
    if (pendingDiffers(flow)) this.differing += by;
    this.countBucket(flow, by);
    bump(this.namespaces, flow.source.namespace, by);
    if (flow.dest.namespace !== flow.source.namespace) bump(this.namespaces, flow.dest.namespace, by);
    bump(this.sources, peerText(flow.source), by);
    bump(this.dests, peerText(flow.dest), by);
    bump(this.ports, portOf(flow), by);
    this.countPolicies(flow, by);
  }

  private countPolicies(flow: Flow, by: 1 | -1): void {
    for (const policy of flow.trace.policies) {
      if (policy.name === '') continue;
      const key = policyKey(policy);
      bump(this.policies, key, by);
      if (!this.policyRefs.has(key)) this.policyRefs.set(key, policy);
    }
  }

  private countBucket(flow: Flow, by: 1 | -1): void {
    const start = Math.floor(flow.start / BUCKET_MILLIS) * BUCKET_MILLIS;
    const bucket = this.buckets.get(start) ?? { allowed: 0, denied: 0 };
    if (flow.verdict === 'deny') bucket.denied += by;
    else bucket.allowed += by;
    if (bucket.allowed + bucket.denied > 0) this.buckets.set(start, bucket);
    else this.buckets.delete(start);
  }
}

function portOf(flow: Flow): string {
  return flow.port > 0 ? `${flow.protocol}:${flow.port}` : flow.protocol;
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  if (key === '') return;
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
