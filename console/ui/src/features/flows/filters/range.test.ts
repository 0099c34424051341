import { describe, expect, it } from 'vitest';
import { fixedRange, formatRange, LIVE, MIN_RANGE_MILLIS, parseRange, shifted, spanOf, zoomedOut } from './range';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;

describe('ranges', () => {
  it('are turned the right way round, not too short, and not in the future', () => {
    expect(fixedRange(NOW - HOUR, NOW - 2 * HOUR, NOW)).toEqual({ type: 'fixed', from: NOW - 2 * HOUR, to: NOW - HOUR });
    expect(fixedRange(NOW - HOUR, NOW + HOUR, NOW)).toEqual({ type: 'fixed', from: NOW - HOUR, to: NOW });
    const short = spanOf(fixedRange(NOW - HOUR, NOW - HOUR + 1, NOW), NOW);
    expect(short.to - short.from).toBe(MIN_RANGE_MILLIS);
    expect(spanOf(fixedRange(NOW, NOW, NOW), NOW)).toEqual({ from: NOW - MIN_RANGE_MILLIS, to: NOW });
  });

  it('zoom out around the middle, and into the past at the end', () => {
    expect(zoomedOut({ type: 'fixed', from: NOW - 6 * HOUR, to: NOW - 4 * HOUR }, NOW)).toEqual({ type: 'fixed', from: NOW - 7 * HOUR, to: NOW - 3 * HOUR });
    expect(spanOf(zoomedOut(LIVE, NOW), NOW)).toEqual({ from: NOW - 1.5 * HOUR, to: NOW });
  });

  it('move by half their length', () => {
    const range = { type: 'fixed', from: NOW - 6 * HOUR, to: NOW - 4 * HOUR } as const;
    expect(spanOf(shifted(range, -1, NOW), NOW)).toEqual({ from: NOW - 7 * HOUR, to: NOW - 5 * HOUR });
    expect(spanOf(shifted(range, 1, NOW), NOW)).toEqual({ from: NOW - 5 * HOUR, to: NOW - 3 * HOUR });
    expect(spanOf(shifted({ ...range, to: NOW, from: NOW - 2 * HOUR }, 1, NOW), NOW)).toEqual({ from: NOW - 2 * HOUR, to: NOW });
  });

  it('survive the round trip through the address', () => {
    for (const range of [LIVE, { type: 'live', seconds: 86_400 }, { type: 'fixed', from: NOW - HOUR, to: NOW }] as const) {
      expect(parseRange(formatRange(range))).toEqual(range);
    }
  });
});
