import { getJson, queryOf } from '../../api/http';

export type Phase = 'pending' | 'prepared' | 'live' | 'converging' | 'succeeded' | 'failed';

export interface MigrationPlace {
  readonly pod: string;
  readonly node: string;
}

/** One migration of a virtual machine, as the nodes recorded it. */
export interface Migration {
  readonly namespace: string;
  readonly name: string;
  readonly machine: string;
  readonly source: MigrationPlace;
  readonly target: MigrationPlace;
  readonly phase: Phase;
  /** In the order in which they came. */
  readonly steps: readonly { readonly phase: Phase; readonly at: string }[];
  /** Between its last packet at the source and its first at the target; null if not known. */
  readonly gap_millis: number | null;
  readonly gap_packets: number | null;
  readonly connections: { readonly moved: number; readonly kept: number; readonly dropped: number };
  /** Why it failed, or went another way than usual; else empty. */
  readonly reason: string;
  /** Who has the addresses, as far as is known: `pod@node`. */
  readonly owner: string;
}

/** How many of those that succeeded had a gap within the target. */
export interface Objective {
  readonly gap_millis: number;
  readonly within: number;
  /** Those whose gap is known. */
  readonly measured: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Null if none is known. */
  readonly median_gap_millis: number | null;
}

export interface Migrations {
  /** The newest first. */
  readonly items: readonly Migration[];
  readonly objective: Objective;
}

/** @param gapMillis the longest gap that is within the objective */
export function fetchMigrations(gapMillis: number, signal: AbortSignal): Promise<Migrations> {
  return getJson<Migrations>(`/api/v1/migrations${queryOf({ gapMillis })}`, signal);
}
