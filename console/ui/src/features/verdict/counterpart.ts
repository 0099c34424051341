import type { Flow } from '../flows/model/flow';

/**
 * The other reporter's record of the same kind of connection: of the same interval if there is one,
 * else the nearest in time.
 */
export function findCounterpart(flow: Flow, flows: Iterable<Flow>): Flow | null {
  let best: Flow | null = null;
  for (const other of flows) {
    if (other.reporter === flow.reporter || !sameConnection(flow, other)) continue;
    if (best === null || distance(flow, other) <= distance(flow, best)) best = other;
  }
  return best;
}

function sameConnection(a: Flow, b: Flow): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    a.source.name === b.source.name &&
    a.dest.name === b.dest.name &&
    a.source.namespace === b.source.namespace &&
    a.dest.namespace === b.dest.namespace
  );
}

function distance(a: Flow, b: Flow): number {
  return Math.abs(a.start - b.start);
}
