import type { Density, Step } from './api';

/** A bar of the strip in the units of its drawing: one step wide, `height` high. */
export interface Bar {
  readonly step: Step;
  readonly denied: number;
  readonly allowed: number;
}

/** Even one denied flow among thousands must be seen. */
const LEAST_HEIGHT = 2;

/**
 * Heights grow with the square root, so that a burst does not press everything else to the ground; within
 * a bar the shares are true.
 */
export function barsOf(density: Density, height: number): readonly (Bar | null)[] {
  const highest = Math.max(1, ...density.steps.map((step) => step.allowed + step.denied));
  return density.steps.map((step) => {
    const total = step.allowed + step.denied;
    if (total === 0) return null;
    const whole = Math.max(2 * LEAST_HEIGHT, Math.sqrt(total / highest) * height);
    const denied = step.denied === 0 ? 0 : Math.max(LEAST_HEIGHT, (step.denied / total) * whole);
    return { step, denied, allowed: whole - denied };
  });
}

/** The time at a share of the strip's width. */
export function timeAt(density: Density, share: number): number {
  const clamped = Math.min(1, Math.max(0, share));
  return density.from + clamped * (density.to - density.from);
}

/** Where a time stands on the strip, from 0 to 1; beyond that it is outside. */
export function shareOf(density: Density, time: number): number {
  return (time - density.from) / Math.max(1, density.to - density.from);
}

export function stepAt(density: Density, time: number): Step | undefined {
  return density.steps[Math.floor((time - density.from) / density.stepMillis)];
}
