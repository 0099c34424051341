import { getJson, queryOf } from '../../api/http';
import { timesOf } from '../flows/api/list';
import type { Span } from '../flows/filters/range';
import { callsOf, type Volume } from '../traffic/volume';

/** What was seen in one step of a time range, in connections; both ends count them. */
export interface Step {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly allowed: number;
  readonly denied: number;
  readonly pendingDiffers: number;
}

export interface Density {
  readonly from: number;
  readonly to: number;
  readonly stepMillis: number;
  readonly steps: readonly Step[];
}

interface WireDensity {
  /** Null where nothing may be seen. */
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly step_seconds: number;
  readonly steps: readonly { readonly start_time: string; readonly allowed: Volume; readonly denied: Volume; readonly pending_differs: Volume }[];
}

/** @param filters in the server's form, empty for none */
export async function fetchDensity(span: Span, filters: string, steps: number, signal: AbortSignal): Promise<Density> {
  const wire = await getJson<WireDensity>(`/api/v1/flows/density${queryOf({ ...timesOf(span), filters, steps })}`, signal);
  return {
    from: wire.start_time === null ? span.from : Date.parse(wire.start_time),
    to: wire.end_time === null ? span.to : Date.parse(wire.end_time),
    stepMillis: wire.step_seconds * 1000,
    steps: wire.steps.map((step) => ({
      start: Date.parse(step.start_time),
      allowed: callsOf(step.allowed),
      denied: callsOf(step.denied),
      pendingDiffers: callsOf(step.pending_differs),
    })),
  };
}

export interface Totals {
  readonly all: number;
  readonly denied: number;
  readonly differing: number;
}

export function totalsOf(density: Density | null): Totals {
  const totals = { all: 0, denied: 0, differing: 0 };
  for (const step of density?.steps ?? []) {
    totals.all += step.allowed + step.denied;
    totals.denied += step.denied;
    totals.differing += step.pendingDiffers;
  }
  return totals;
}
