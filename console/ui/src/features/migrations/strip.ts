import type { Migration, Phase } from './api';
import { isFinal } from './state';

/** A phase on the strip. */
export interface Segment {
  readonly phase: Phase;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Share of the strip. */
  readonly share: number;
}

/** The least share that can still be seen. */
const LEAST_SHARE = 0.04;

/**
 * The phases of a migration beside each other. Widths grow with the square root of the time, and none
 * vanishes: it is the short phases that tell of the machine's gap.
 *
 * @param now where the phase of a running migration ends
 */
export function segmentsOf({ steps, phase }: Pick<Migration, 'steps' | 'phase'>, now: number): readonly Segment[] {
  const times = steps.map(({ at }) => Date.parse(at));
  const open = isFinal(phase) ? steps.slice(0, -1) : steps;
  const spans = open.map((step, index) => {
    const from = times[index]!;
    return { phase: step.phase, from, to: Math.max(from, times[index + 1] ?? now) };
  });
  const weights = spans.map(({ from, to }) => Math.sqrt(to - from));
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const shares = weights.map((weight) => Math.max(LEAST_SHARE, weight / total));
  const all = shares.reduce((sum, share) => sum + share, 0) || 1;
  return spans.map((span, index) => ({ ...span, share: shares[index]! / all }));
}

/** 340 ms, 2.41 s, 75 s */
export function formatMillis(millis: number): string {
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  return `${millis < 10_000 ? (millis / 1_000).toFixed(2) : Math.round(millis / 1_000)} s`;
}
