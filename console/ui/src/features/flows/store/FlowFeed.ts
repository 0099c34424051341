import { FlowDecoder } from '../api/decode';
import { FlowStream, type Connection } from '../api/FlowStream';
import { NO_FILTERS, type Filters } from '../filters/filters';
import { NEWEST_FIRST, type Order } from '../filters/order';
import type { Flow } from '../model/flow';
import { FlowBuffer } from './FlowBuffer';
import type { FlowSnapshot, FlowSource } from './FlowSource';
import { FlowView } from './FlowView';
import { BUCKET_MILLIS, Tally } from './Tally';

/** How many flows the page keeps: an hour of a busy cluster, some 150 MB. */
export const CAPACITY = 100_000;

/** Browsers draw no frames for hidden tabs; there, records are taken in at this pace. */
const HIDDEN_TAB_MILLIS = 1_000;

/** Into a long list records are merged at this pace: each merge goes through all of it. */
const LONG_LIST_MILLIS = 250;
const LONG_LIST = 5_000;

/**
 * The page's live source of flows: stream, buffer, view. It takes in what arrived at most once for each
 * frame, so that a burst of thousands of records costs one rendering.
 */
export class FlowFeed implements FlowSource {
  private readonly decoder = new FlowDecoder();
  private readonly buffer = new FlowBuffer(CAPACITY);
  private readonly tally = new Tally();
  private readonly listeners = new Set<() => void>();
  private readonly stream: FlowStream;
  private filters: Filters = NO_FILTERS;
  private order: Order = NEWEST_FIRST;
  private seconds: number;
  private view = new FlowView([], NO_FILTERS, NEWEST_FIRST);
  private viewedAt = 0;
  private connection: Connection = { state: 'connecting' };
  private paused = false;
  private unreadable = 0;
  private lastProblem = '';
  private gap = '';
  private snapshot: FlowSnapshot;
  private cancelScheduled: (() => void) | null = null;

  /** @param maxSeconds how much of the past the stream begins with */
  constructor(
    url: string,
    private readonly maxSeconds: number,
  ) {
    this.seconds = maxSeconds;
    this.stream = new FlowStream(url, {
      onEvent: (data) => this.take(data),
      onGap: (reason) => {
        this.gap = reason;
        this.schedule();
      },
      onConnection: (connection) => {
        this.connection = connection;
        this.schedule();
      },
    });
    this.snapshot = this.picture();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): FlowSnapshot => this.snapshot;

  start(): void {
    this.stream.open();
  }

  stop(): void {
    this.stream.close();
    this.cancelScheduled?.();
    this.cancelScheduled = null;
  }

  retry(): void {
    this.stream.open();
  }

  more(): void {
    // A stream has no pages.
  }

  setQuery(filters: Filters, order: Order): void {
    this.filters = filters;
    this.order = order;
    this.rebuild();
    this.publish();
  }

  /** Shows only the newest part of what the buffer holds. */
  setSeconds(seconds: number): void {
    if (seconds === this.seconds) return;
    this.seconds = seconds;
    this.rebuild();
    this.publish();
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.update();
  }

  get(id: string): Flow | undefined {
    return this.buffer.get(id);
  }

  all(): Iterable<Flow> {
    return this.buffer.all();
  }

  private rebuild(): void {
    this.viewedAt = Date.now();
    const oldest = this.seconds < this.maxSeconds ? this.viewedAt - this.seconds * 1000 : 0;
    this.view = new FlowView(this.buffer.all(), this.filters, this.order, oldest);
  }

  private take(data: string): void {
    try {
      this.buffer.offer(this.decoder.decode(data));
    } catch (problem) {
      this.unreadable++;
      this.lastProblem = problem instanceof Error ? problem.message : String(problem);
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.cancelScheduled) return;
    const run = () => {
      this.cancelScheduled = null;
      this.update();
    };
    const wait = document.hidden ? HIDDEN_TAB_MILLIS : this.buffer.size > LONG_LIST ? LONG_LIST_MILLIS : 0;
    if (wait > 0) {
      const timer = setTimeout(run, wait);
      this.cancelScheduled = () => clearTimeout(timer);
    } else {
      const frame = requestAnimationFrame(run);
      this.cancelScheduled = () => cancelAnimationFrame(frame);
    }
  }

  private update(): void {
    if (!this.paused && this.buffer.waitingSize > 0) {
      const change = this.buffer.commit();
      this.tally.apply(change);
      this.view.apply(change);
      // What has grown too old leaves a shortened view with the next interval.
      if (this.seconds < this.maxSeconds && Date.now() - this.viewedAt > BUCKET_MILLIS) this.view.forget(Date.now() - this.seconds * 1000);
    }
    this.publish();
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
      standing: this.connection,
      paused: this.paused,
      waiting: this.paused ? this.buffer.waitingSize : 0,
      evicted: this.buffer.evicted,
      unreadable: this.unreadable,
      lastProblem: this.lastProblem,
      gap: this.gap,
    };
  }
}
