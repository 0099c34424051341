import { describe, expect, it } from 'vitest';
import type { Density } from './api';
import { barsOf, shareOf, stepAt, timeAt } from './strip';

const HEIGHT = 40;

/** @param steps allowed and denied connections, a minute each */
function density(...steps: readonly (readonly [number, number])[]): Density {
  return {
    from: 0,
    to: steps.length * 60_000,
    stepMillis: 60_000,
    steps: steps.map(([allowed, denied], index) => ({ start: index * 60_000, allowed, denied, pendingDiffers: 0 })),
  };
}

describe('barsOf', () => {
  it('shows one denied call among a million', () => {
    const [bar] = barsOf(density([1_000_000, 1]), HEIGHT);
    expect(bar!.denied).toBeGreaterThanOrEqual(2);
    expect(bar!.denied + bar!.allowed).toBeCloseTo(HEIGHT);
  });

  it('keeps a quiet minute in sight beside a burst, and the burst higher', () => {
    const [quiet, burst] = barsOf(density([10, 0], [100_000, 0]), HEIGHT);
    expect(quiet!.allowed).toBeGreaterThanOrEqual(4);
    expect(burst!.allowed).toBeGreaterThan(quiet!.allowed);
  });

  it('draws nothing where nothing was', () => {
    expect(barsOf(density([0, 0], [1, 0]), HEIGHT)[0]).toBeNull();
  });

  it('draws a minute of denials as one', () => {
    expect(barsOf(density([0, 5]), HEIGHT)[0]).toMatchObject({ allowed: 0, denied: HEIGHT });
  });
});

describe('places on the strip', () => {
  const four = density([1, 0], [2, 0], [3, 0], [4, 0]);

  it('are times and back', () => {
    expect(timeAt(four, 0.5)).toBe(120_000);
    expect(timeAt(four, 7)).toBe(240_000);
    expect(shareOf(four, 60_000)).toBe(0.25);
  });

  it('belong to a step', () => {
    expect(stepAt(four, timeAt(four, 0.3))?.allowed).toBe(2);
    expect(stepAt(four, timeAt(four, 1))).toBeUndefined();
  });
});
