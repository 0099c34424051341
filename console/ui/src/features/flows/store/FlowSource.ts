import type { Connection } from '../api/FlowStream';
import type { Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import type { Flow } from '../model/flow';
import type { FlowView } from './FlowView';
import type { Tally } from './Tally';

/** Where a list stands: a live one with its stream, a stored one with its pages. */
export type Standing =
  | Connection
  | { readonly state: 'loading' }
  /** `more`: the server has further pages. */
  | { readonly state: 'stored'; readonly more: boolean }
  | { readonly state: 'failed'; readonly reason: string };

/** An immutable picture of a list; `tally` is live and belongs to the picture's moment only. */
export interface FlowSnapshot {
  readonly rows: readonly Flow[];
  readonly view: FlowView;
  readonly tally: Tally;
  readonly standing: Standing;
  readonly paused: boolean;
  /** Records that came in while paused. */
  readonly waiting: number;
  /** Records that made room for newer ones. */
  readonly evicted: number;
  /** Records that could not be read, and what was wrong with the last one. */
  readonly unreadable: number;
  readonly lastProblem: string;
  /** Since when records are missing, after a break that the server could not fill: a sentence. */
  readonly gap: string;
}

/** A list of flows with filters and an order, live or from the history. */
export interface FlowSource {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => FlowSnapshot;
  start(): void;
  stop(): void;
  setQuery(filters: Filters, order: Order): void;
  /** Tries again now. */
  retry(): void;
  setPaused(paused: boolean): void;
  /** Asks for the next page, if there is one. */
  more(): void;
  get(id: string): Flow | undefined;
  /** All flows that the list holds, oldest first. */
  all(): Iterable<Flow>;
}
