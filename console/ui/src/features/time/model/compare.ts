import type { Graph, GraphEdge, GraphNode } from '../../graph/api';
import { callsOf } from '../../traffic/volume';

/** What became of a connection from the first time to the second. */
export type ChangeKind = 'newly denied' | 'new' | 'no longer denied' | 'gone' | 'more' | 'less' | 'same';

export interface Counts {
  readonly allowed: number;
  readonly denied: number;
  readonly bytes: number;
}

export interface EdgeChange {
  readonly source: GraphNode;
  readonly dest: GraphNode;
  readonly kind: ChangeKind;
  readonly before: Counts;
  readonly after: Counts;
}

/** A change of volume by less than this factor, in ranges of the same length, is noise. */
const FACTOR = 2;

const WEIGHT: Readonly<Record<ChangeKind, number>> = { 'newly denied': 0, new: 1, 'no longer denied': 2, gone: 3, more: 4, less: 5, same: 6 };

export const NOTHING: Counts = { allowed: 0, denied: 0, bytes: 0 };

/**
 * Compares who talked to whom in two times. Volumes are brought to the same length of time before they
 * are compared.
 *
 * @param lengths of the two times, in any unit
 */
export function compareGraphs(before: Graph, after: Graph, lengths: { readonly before: number; readonly after: number }): readonly EdgeChange[] {
  const nodes = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, node]));
  const first = countsOf(before);
  const second = countsOf(after);
  const changes: EdgeChange[] = [];
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const [sourceId, destId] = key.split('\n') as [string, string];
    const source = nodes.get(sourceId);
    const dest = nodes.get(destId);
    if (!source || !dest) continue;
    const was = first.get(key) ?? NOTHING;
    const is = second.get(key) ?? NOTHING;
    changes.push({ source, dest, kind: kindOf(was, is, lengths.after / lengths.before), before: was, after: is });
  }
  return changes.sort((a, b) => WEIGHT[a.kind] - WEIGHT[b.kind] || volume(b) - volume(a) || (a.source.id + a.dest.id < b.source.id + b.dest.id ? -1 : 1));
}

/** @param stretch how much longer the second time is */
function kindOf(before: Counts, after: Counts, stretch: number): ChangeKind {
  if (after.denied > 0 && before.denied === 0) return 'newly denied';
  const was = before.allowed + before.denied;
  const is = after.allowed + after.denied;
  if (was === 0) return 'new';
  if (is === 0) return 'gone';
  if (before.denied > 0 && after.denied === 0) return 'no longer denied';
  const ratio = is / (was * stretch);
  return ratio >= FACTOR ? 'more' : ratio <= 1 / FACTOR ? 'less' : 'same';
}

function countsOf(graph: Graph): ReadonlyMap<string, Counts> {
  return new Map(graph.edges.map((edge) => [`${edge.source}\n${edge.dest}`, countsOfEdge(edge)]));
}

function countsOfEdge({ allowed, denied }: GraphEdge): Counts {
  return { allowed: callsOf(allowed), denied: callsOf(denied), bytes: allowed.bytes + denied.bytes };
}

function volume({ before, after }: EdgeChange): number {
  return before.allowed + before.denied + after.allowed + after.denied;
}
