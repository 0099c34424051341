import type { WireFlow } from '../src/features/flows/model/wire.ts';
import { hitsOf } from './history.ts';
import type { PolicyStore } from './policyStore.ts';

const DAY = 86_400_000;
const OWNERS: Readonly<Record<string, string>> = { security: 'security-team', platform: 'platform-team' };

/** When each policy and rule was last used, by the records that there are. */
export function usesOf(store: PolicyStore, flows: readonly WireFlow[], since: number, now: number): object {
  const last = new Map<string, string>();
  for (const flow of flows) {
    for (const hit of hitsOf(flow)) {
      const policy = `${hit.kind}:${hit.namespace}/${hit.name}`;
      last.set(policy, flow.end_time);
      last.set(`${policy} ${flow.reporter === 'Src' ? 'egress' : 'ingress'} ${hit.rule_index}`, flow.end_time);
    }
  }
  const use = (key: string) => {
    const at = last.get(key) ?? null;
    return { last_used: at, in_this_generation: at !== null, unused: at === null || Date.parse(at) < since };
  };
  const recorded = flows[0]?.start_time ?? null;
  return {
    since: new Date(since).toISOString(),
    recorded_since: recorded,
    gaps: recorded === null ? [] : [{ from: new Date(now - DAY).toISOString(), to: new Date(now - DAY + 2 * 3_600_000).toISOString() }],
    policies: store.all().map((policy) => {
      const key = `${policy.kind}:${policy.namespace}/${policy.name}`;
      const described = store.describe(policy) as { staged: boolean; rules: Record<'ingress' | 'egress', string[]> };
      return {
        kind: policy.kind,
        namespace: policy.namespace,
        name: policy.name,
        tier: policy.tier,
        owner: policy.namespace || (OWNERS[policy.tier] ?? ''),
        staged: described.staged,
        generation: 1,
        created_at: new Date(now - 200 * DAY).toISOString(),
        changed_at: new Date(now - 30 * DAY).toISOString(),
        ...use(key),
        rules: (['ingress', 'egress'] as const).flatMap((direction) => described.rules[direction].map((_, index) => ({ direction, index, ...use(`${key} ${direction} ${index}`) }))),
      };
    }),
  };
}
