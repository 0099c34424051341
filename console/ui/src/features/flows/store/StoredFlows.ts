import { FlowDecoder } from '../api/decode';
import { fetchPage } from '../api/list';
import { NO_FILTERS, type Filters } from '../filters/filters';
import { NEWEST_FIRST, type Order } from '../filters/order';
import type { Span } from '../filters/range';
import { serverFilter } from '../filters/server';
import type { Flow } from '../model/flow';
import { CAPACITY } from './FlowFeed';
import { FlowBuffer } from './FlowBuffer';
import type { FlowSnapshot, FlowSource, Standing } from './FlowSource';
import { FlowView } from './FlowView';
import { Tally } from './Tally';

/**
 * Flows of a time that has passed, page by page, the newest first. Filters go to the server; what it
 * cannot be asked exactly is filtered here once more.
 */
export class StoredFlows implements FlowSource {
  private readonly decoder = new FlowDecoder();
  private readonly listeners = new Set<() => void>();
  private buffer = new FlowBuffer(CAPACITY);
  private tally = new Tally();
  private filters: Filters = NO_FILTERS;
  private order: Order = NEWEST_FIRST;
  private view = new FlowView([], NO_FILTERS, NEWEST_FIRST);
  private standing: Standing = { state: 'loading' };
  private asked: string | null = null;
  private next: string | null = null;
  private request: AbortController | null = null;
  private unreadable = 0;
  private lastProblem = '';
  private snapshot: FlowSnapshot;

  constructor(private readonly span: Span) {
    this.snapshot = this.picture();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): FlowSnapshot => this.snapshot;

  start(): void {
    if (this.asked !== null && this.request === null && this.buffer.size === 0) this.reload();
  }

  stop(): void {
    this.request?.abort();
    this.request = null;
  }

  retry(): void {
    this.reload();
  }

  setPaused(): void {
    // Nothing comes in by itself.
  }

  setQuery(filters: Filters, order: Order): void {
    this.filters = filters;
    this.order = order;
    const wanted = serverFilter(filters).json;
    if (wanted !== this.asked) {
      this.asked = wanted;
      this.reload();
      return;
    }
    this.view = new FlowView(this.buffer.all(), filters, order);
    this.publish();
  }

  more(): void {
    const mayLoad = this.standing.state === 'stored' && this.standing.more && this.request === null;
    if (mayLoad && this.buffer.size < CAPACITY) this.load(this.next);
  }

  get(id: string): Flow | undefined {
    return this.buffer.get(id);
  }

  all(): Iterable<Flow> {
    return this.buffer.all();
  }

  private reload(): void {
    this.stop();
    this.buffer = new FlowBuffer(CAPACITY);
    this.tally = new Tally();
    this.view = new FlowView([], this.filters, this.order);
    this.standing = { state: 'loading' };
    this.publish();
    this.load(null);
  }

  private load(cursor: string | null): void {
    const request = new AbortController();
    this.request = request;
    fetchPage(this.span, serverFilter(this.filters), cursor, request.signal).then(
      (page) => {
        if (this.request !== request) return;
        this.request = null;
        for (const wire of page.items) this.offer(() => this.decoder.fromWire(wire));
        const change = this.buffer.commit();
        this.tally.apply(change);
        this.view.apply(change);
        this.next = page.next;
        this.standing = { state: 'stored', more: page.next !== null };
        this.publish();
      },
      (problem: unknown) => {
        if (this.request !== request) return;
        this.request = null;
        this.standing = { state: 'failed', reason: problem instanceof Error ? problem.message : String(problem) };
        this.publish();
      },
    );
  }

  private offer(decode: () => Flow): void {
    try {
      this.buffer.offer(decode());
    } catch (problem) {
      this.unreadable++;
      this.lastProblem = problem instanceof Error ? problem.message : String(problem);
    }
  }

  private publish(): void {
    this.snapshot = this.picture();
    this.listeners.forEach((listener) => listener());
  }

  private picture(): FlowSnapshot {
    return {
      rows: this.view.rows,
      view: this.view,
      tally: this.tally,
      standing: this.standing,
      paused: false,
      waiting: 0,
      evicted: this.buffer.evicted,
      unreadable: this.unreadable,
      lastProblem: this.lastProblem,
      gap: '',
    };
  }
}
