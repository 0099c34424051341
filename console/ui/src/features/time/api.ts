import { getJson, queryOf } from '../../api/http';
import { timesOf } from '../flows/api/list';
import type { Span } from '../flows/filters/range';

/** What was seen in one step of a time range; counts of flow records. */
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
  readonly start_time: string;
  readonly end_time: string;
  readonly step_seconds: number;
  readonly steps: readonly { readonly start_time: string; readonly allowed: number; readonly denied: number; readonly pending_differs: number }[];
}

/** @param filters in the server's form, empty for none */
export async function fetchDensity(span: Span, filters: string, steps: number, signal: AbortSignal): Promise<Density> {
  const wire = await getJson<WireDensity>(`/api/v1/flows/density${queryOf({ ...timesOf(span), filters, steps })}`, signal);
  return {
    from: Date.parse(wire.start_time),
    to: Date.parse(wire.end_time),
    stepMillis: wire.step_seconds * 1000,
    steps: wire.steps.map((step) => ({
      start: Date.parse(step.start_time),
      allowed: step.allowed,
      denied: step.denied,
      pendingDiffers: step.pending_differs,
    })),
  };
}

export interface Totals {
  readonly flows: number;
  readonly denied: number;
  readonly differing: number;
}

export function totalsOf(density: Density | null): Totals {
  const totals = { flows: 0, denied: 0, differing: 0 };
  for (const step of density?.steps ?? []) {
    totals.flows += step.allowed + step.denied;
    totals.denied += step.denied;
    totals.differing += step.pendingDiffers;
  }
  return totals;
}
