import { describe, expect, it } from 'vitest';
import { formatBytes, formatShare, plural } from './text';
import { formatAge } from './time';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [12_164, '12.2 kB'],
    [999_999, '1 MB'],
    [87_500_000, '87.5 MB'],
    [2e15, '2000 TB'],
  ])('%i', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));
});

describe('formatShare', () => {
  it.each([
    [0, 0, '0 %'],
    [0, 10, '0 %'],
    [1, 100_000, '0.1 %'],
    [35, 1_000, '3.5 %'],
    [99_999, 100_000, '99 %'],
    [10, 10, '100 %'],
  ])('%i of %i', (part, whole, expected) => expect(formatShare(part, whole)).toBe(expected));
});

describe('formatAge', () => {
  it.each([
    [-5, 'now'],
    [0, 'now'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [7_200, '2 h ago'],
    [200_000, '2 d ago'],
  ])('%i seconds', (seconds, expected) => expect(formatAge(0, seconds * 1000)).toBe(expected));
});

it('counts in words', () => {
  expect([plural(1, 'flow'), plural(0, 'flow'), plural(1_200, 'entry', 'entries')]).toEqual(['1 flow', '0 flows', '1,200 entries']);
});
