import type { Flow } from '../model/flow';

/** What a commit changed: views apply it instead of starting over. */
export interface Change {
  readonly added: readonly Flow[];
  readonly removed: ReadonlySet<Flow>;
}

/**
 * The newest flows, at most `capacity`. A record whose id is known replaces the older one: the server
 * sends a flow again when its counters grow, and all of the recent past after a reconnect.
 */
export class FlowBuffer {
  private readonly flows = new Map<string, Flow>();
  private waiting: Flow[] = [];
  private evictedCount = 0;

  constructor(readonly capacity: number) {}

  /** Takes a record that becomes visible with the next {@link commit}. */
  offer(flow: Flow): void {
    this.waiting.push(flow);
    // While paused nothing is committed: forget the oldest half when it gets too much.
    if (this.waiting.length > 2 * this.capacity) {
      this.evictedCount += this.waiting.length - this.capacity;
      this.waiting = this.waiting.slice(-this.capacity);
    }
  }

  /** Makes the offered records visible. */
  commit(): Change {
    const added = new Set<Flow>();
    const removed = new Set<Flow>();
    for (const flow of this.waiting) {
      const previous = this.flows.get(flow.id);
      if (previous) {
        this.flows.delete(flow.id);
        if (!added.delete(previous)) removed.add(previous);
      }
      this.flows.set(flow.id, flow);
      added.add(flow);
    }
    this.waiting = [];
    for (const [id, flow] of this.flows) {
      if (this.flows.size <= this.capacity) break;
      this.flows.delete(id);
      if (!added.delete(flow)) removed.add(flow);
      this.evictedCount++;
    }
    return { added: [...added], removed };
  }

  get(id: string): Flow | undefined {
    return this.flows.get(id);
  }

  all(): IterableIterator<Flow> {
    return this.flows.values();
  }

  get size(): number {
    return this.flows.size;
  }

  /** Records offered since the last commit. */
  get waitingSize(): number {
    return this.waiting.length;
  }

  /** Records that had to make room since the page was opened. */
  get evicted(): number {
    return this.evictedCount;
  }
}
