import { policyKey } from '../../flows/model/flow';
import { Tally } from '../../flows/store/Tally';
import type { BoardTier } from '../../policies/api';
import { displayName } from '../../traffic/names';
import { callsOf } from '../../traffic/volume';
import type { Graph } from '../api';

/** What filters can offer where there is no list of flows: the peers of a graph, and all policies. */
export function choicesOf(graph: Graph | null, tiers: readonly BoardTier[]): Tally {
  const tally = new Tally();
  const byId = new Map(graph?.nodes.map((node) => [node.id, node]));
  for (const edge of graph?.edges ?? []) {
    const calls = callsOf(edge.allowed) + callsOf(edge.denied);
    for (const [side, id] of [
      [tally.sources, edge.source],
      [tally.dests, edge.dest],
    ] as const) {
      const node = byId.get(id);
      if (!node) continue;
      const { namespace, name } = displayName(node.kind === 'namespace' ? node.name : node.namespace, node.kind === 'namespace' ? '' : node.name);
      add(side, namespace === '' ? name : `${namespace}/${name}`, calls);
      if (namespace !== '') add(tally.namespaces, namespace, calls);
    }
  }
  for (const tier of tiers) {
    for (const policy of tier.policies) {
      const key = policyKey({ ...policy, tier: tier.name });
      const { allowed, denied, passed } = policy.activity;
      tally.policies.set(key, allowed + denied + passed);
      tally.policyRefs.set(key, { kind: policy.kind, namespace: policy.namespace, name: policy.name, tier: tier.name });
    }
  }
  return tally;
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
