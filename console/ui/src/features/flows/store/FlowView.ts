import { predicate, type Filters } from '../filters/filters';
import { comparator, type Order } from '../filters/order';
import type { Flow } from '../model/flow';
import type { Change } from './FlowBuffer';

/** The filtered, ordered rows. A change costs one merge over the rows, never a new sort of all. */
export class FlowView {
  private readonly matches: (flow: Flow) => boolean;
  private readonly compare: (a: Flow, b: Flow) => number;
  private sorted: readonly Flow[];

  /** @param oldest epoch milliseconds; flows that ended before are left out */
  constructor(flows: Iterable<Flow>, filters: Filters, order: Order, oldest = 0) {
    const matches = predicate(filters);
    this.matches = oldest === 0 ? matches : (flow) => flow.end >= oldest && matches(flow);
    this.compare = comparator(order);
    const rows: Flow[] = [];
    for (const flow of flows) {
      if (this.matches(flow)) rows.push(flow);
    }
    this.sorted = rows.sort(this.compare);
  }

  /** The rows; a new array after each change that touched them. */
  get rows(): readonly Flow[] {
    return this.sorted;
  }

  apply(change: Change): void {
    const added = change.added.filter(this.matches).sort(this.compare);
    if (added.length === 0 && change.removed.size === 0) return;
    const merged: Flow[] = [];
    let next = 0;
    for (const row of this.sorted) {
      if (change.removed.has(row)) continue;
      while (next < added.length && this.compare(added[next]!, row) < 0) merged.push(added[next++]!);
      merged.push(row);
    }
    while (next < added.length) merged.push(added[next++]!);
    this.sorted = merged;
  }

  /** Takes out the rows that ended before `oldest`. */
  forget(oldest: number): void {
    const kept = this.sorted.filter((row) => row.end >= oldest);
    if (kept.length < this.sorted.length) this.sorted = kept;
  }

  /** The row's position, or -1 if the view does not hold it. */
  indexOf(flow: Flow): number {
    let low = 0;
    let high = this.sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = this.compare(this.sorted[middle]!, flow);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
