import { FlowStream, type Connection } from '../../flows/api/FlowStream';
import { fetchCalls, streamUrl, type Call, type CallQuery } from '../api';

/** Calls that are kept; older ones are asked for page by page. */
const MOST = 5_000;
/** Many calls in a moment are drawn at once. */
const DRAW_MILLIS = 200;

export interface CallSnapshot {
  /** Newest first. */
  readonly calls: readonly Call[];
  readonly connection: Connection;
  readonly paused: boolean;
  /** Calls that came while the list is held. */
  readonly waiting: number;
  /** Whether there may be older calls than those that are here. */
  readonly more: boolean;
  readonly problem: string;
}

const NOTHING: CallSnapshot = { calls: [], connection: { state: 'connecting' }, paused: false, waiting: 0, more: true, problem: '' };

/** The calls that a query finds, as they are decided, and older ones when they are asked for. */
export class CallFeed {
  private readonly bySequence = new Map<number, Call>();
  private readonly stream: FlowStream;
  private readonly abort = new AbortController();
  private readonly listeners = new Set<() => void>();
  private current: CallSnapshot = NOTHING;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private newestShown = -1;

  constructor(private readonly query: CallQuery) {
    this.stream = new FlowStream(streamUrl(query), {
      onEvent: (data) => this.take(JSON.parse(data) as Call),
      onGap: () => this.bySequence.clear(),
      onConnection: (connection) => {
        // What came before is all there is: it is drawn before the list calls itself live.
        if (connection.state === 'live') this.draw();
        this.publish({ connection });
      },
    });
  }

  open(): void {
    this.stream.open();
  }

  close(): void {
    clearTimeout(this.timer);
    this.stream.close();
    this.abort.abort();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): CallSnapshot => this.current;

  setPaused(paused: boolean): void {
    this.publish({ paused });
    this.draw();
  }

  /** Asks for older calls than the oldest one that is here. */
  async loadOlder(): Promise<void> {
    const oldest = this.current.calls.at(-1)?.sequence;
    if (oldest === undefined) return;
    try {
      const page = await fetchCalls(this.query, oldest, this.abort.signal);
      page.calls.forEach((call) => this.bySequence.set(call.sequence, call));
      this.publish({ more: page.before !== null, problem: '' });
      this.draw();
    } catch (problem) {
      if (!this.abort.signal.aborted) this.publish({ problem: problem instanceof Error ? problem.message : String(problem) });
    }
  }

  private take(call: Call): void {
    this.bySequence.set(call.sequence, call);
    this.timer ??= setTimeout(() => this.draw(), DRAW_MILLIS);
  }

  private draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const all = [...this.bySequence.values()].sort((a, b) => b.sequence - a.sequence);
    for (const old of all.splice(MOST)) this.bySequence.delete(old.sequence);
    if (this.current.paused) {
      // What is shown may change, but nothing moves.
      const shown = all.filter(({ sequence }) => sequence <= this.newestShown);
      this.publish({ calls: shown, waiting: all.length - shown.length });
      return;
    }
    this.newestShown = all[0]?.sequence ?? -1;
    this.publish({ calls: all, waiting: 0 });
  }

  private publish(patch: Partial<CallSnapshot>): void {
    this.current = { ...this.current, ...patch };
    this.listeners.forEach((listener) => listener());
  }
}
