import { decidingHit, type Flow } from '../model/flow';

export type SortColumn = 'time' | 'verdict' | 'source' | 'dest' | 'port' | 'reporter' | 'policy' | 'bytes';

export interface Order {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export const NEWEST_FIRST: Order = { column: 'time', descending: true };

const COLUMNS: Readonly<Record<SortColumn, (a: Flow, b: Flow) => number>> = {
  time: (a, b) => a.start - b.start,
  verdict: (a, b) => compareText(a.verdict, b.verdict),
  source: (a, b) => compareText(a.source.namespace, b.source.namespace) || compareText(a.source.name, b.source.name),
  dest: (a, b) => compareText(a.dest.namespace, b.dest.namespace) || compareText(a.dest.name, b.dest.name),
  port: (a, b) => a.port - b.port || compareText(a.protocol, b.protocol),
  reporter: (a, b) => compareText(a.reporter, b.reporter),
  policy: (a, b) => compareText(policyName(a), policyName(b)),
  bytes: (a, b) => a.bytes - b.bytes,
};

export const SORT_COLUMNS = Object.keys(COLUMNS) as readonly SortColumn[];

/** A total order: equal rows go newest first, then by id, so that the list never jumps. */
export function comparator(order: Order): (a: Flow, b: Flow) => number {
  const column = COLUMNS[order.column];
  const sign = order.descending ? -1 : 1;
  return (a, b) => sign * column(a, b) || b.start - a.start || compareText(a.id, b.id);
}

function policyName(flow: Flow): string {
  const hit = decidingHit(flow.trace.enforced);
  return hit ? `${hit.tier} ${hit.namespace} ${hit.name}` : '';
}

/** By code units: much faster than the locale's order, and names are ASCII. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
