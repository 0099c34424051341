import type { ColumnId } from '../model/columns';
import { decidingHit, type Flow } from '../model/flow';

export type SortColumn = ColumnId;

export interface Order {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export const NEWEST_FIRST: Order = { column: 'time', descending: true };

const COLUMNS: Readonly<Record<SortColumn, (a: Flow, b: Flow) => number>> = {
  time: (a, b) => a.start - b.start,
  end: (a, b) => a.end - b.end,
  verdict: (a, b) => compareText(a.verdict, b.verdict),
  pending: (a, b) => compareText(a.pending, b.pending),
  source: (a, b) => compareText(a.source.namespace, b.source.namespace) || compareText(a.source.name, b.source.name),
  source_namespace: (a, b) => compareText(a.source.namespace, b.source.namespace),
  source_name: (a, b) => compareText(a.source.name, b.source.name),
  dest: (a, b) => compareText(a.dest.namespace, b.dest.namespace) || compareText(a.dest.name, b.dest.name),
  dest_namespace: (a, b) => compareText(a.dest.namespace, b.dest.namespace),
  dest_name: (a, b) => compareText(a.dest.name, b.dest.name),
  protocol: (a, b) => compareText(a.protocol, b.protocol),
  dest_port: (a, b) => a.port - b.port,
  port: (a, b) => a.port - b.port || compareText(a.protocol, b.protocol),
  service: (a, b) => compareText(a.service, b.service),
  reporter: (a, b) => compareText(a.reporter, b.reporter),
  policy: (a, b) => compareText(policyName(a), policyName(b)),
  tier: (a, b) => compareText(tierName(a), tierName(b)),
  packets: (a, b) => a.packets - b.packets,
  bytes: (a, b) => a.bytes - b.bytes,
};

/** These are looked at from the largest down. */
const LARGEST_FIRST: ReadonlySet<SortColumn> = new Set(['time', 'end', 'packets', 'bytes']);

export const SORT_COLUMNS = Object.keys(COLUMNS) as readonly SortColumn[];

/** The order after a click on a column's head. */
export function sortedBy(column: SortColumn, order: Order): Order {
  return { column, descending: order.column === column ? !order.descending : LARGEST_FIRST.has(column) };
}

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

function tierName(flow: Flow): string {
  return decidingHit(flow.trace.enforced)?.tier ?? '';
}

/** By code units: much faster than the locale's order, and names are ASCII. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
