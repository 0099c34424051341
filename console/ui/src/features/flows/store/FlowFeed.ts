import { FlowDecoder } from '../api/decode';
import { FlowStream, type Connection } from '../api/FlowStream';
import type { Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import type { Flow } from '../model/flow';
import { FlowBuffer } from './FlowBuffer';
import { FlowView } from './FlowView';
import { Tally } from './Tally';

/** How many flows the page keeps: an hour of a busy cluster, some 150 MB. */
export const CAPACITY = 100_000;

/** Browsers draw no frames for hidden tabs; there, records are taken in at this pace. */
const HIDDEN_TAB_MILLIS = 1_000;

/** An immutable picture of the feed; `tally` is live and belongs to the picture's moment only. */
export interface FeedSnapshot {
  readonly rows: readonly Flow[];
  readonly view: FlowView;
  readonly tally: Tally;
  readonly connection: Connection;
  readonly paused: boolean;
  /** Records that came in while paused. */
  readonly waiting: number;
  /** Records that made room for newer ones. */
  readonly evicted: number;
  /** Records that could not be read, and what was wrong with the last one. */
  readonly unreadable: number;
  readonly lastProblem: string;
}

/**
 * The page's one source of flows: stream, buffer, view. It takes in what arrived once for each frame,
 * so that a burst of thousands of records costs one rendering.
 */
export class FlowFeed {
  private readonly decoder = new FlowDecoder();
  private readonly buffer = new FlowBuffer(CAPACITY);
  private readonly tally = new Tally();
  private readonly listeners = new Set<() => void>();
  private readonly stream: FlowStream;
  private view: FlowView;
  private connection: Connection = { state: 'connecting' };
  private paused = false;
  private unreadable = 0;
  private lastProblem = '';
  private snapshot: FeedSnapshot;
  private cancelScheduled: (() => void) | null = null;

  constructor(url: string, filters: Filters, order: Order) {
    this.view = new FlowView([], filters, order);
    this.stream = new FlowStream(url, {
      onEvent: (data) => this.take(data),
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

  readonly getSnapshot = (): FeedSnapshot => this.snapshot;

  start(): void {
    this.stream.open();
  }

  stop(): void {
    this.stream.close();
    this.cancelScheduled?.();
    this.cancelScheduled = null;
  }

  /** Tries to connect now rather than at the next attempt. */
  reconnect(): void {
    this.stream.open();
  }

  setQuery(filters: Filters, order: Order): void {
    this.view = new FlowView(this.buffer.all(), filters, order);
    this.publish();
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.update();
  }

  get(id: string): Flow | undefined {
    return this.buffer.get(id);
  }

  /** All flows that the page holds, oldest first. */
  all(): Iterable<Flow> {
    return this.buffer.all();
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
    if (document.hidden) {
      const timer = setTimeout(run, HIDDEN_TAB_MILLIS);
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
    }
    this.publish();
  }

  private publish(): void {
    this.snapshot = this.picture();
    this.listeners.forEach((listener) => listener());
  }

  private picture(): FeedSnapshot {
    return {
      rows: this.view.rows,
      view: this.view,
      tally: this.tally,
      connection: this.connection,
      paused: this.paused,
      waiting: this.paused ? this.buffer.waitingSize : 0,
      evicted: this.buffer.evicted,
      unreadable: this.unreadable,
      lastProblem: this.lastProblem,
    };
  }
}
