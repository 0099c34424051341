import { describe, expect, it } from 'vitest';
import type { Migration } from './api';
import { MIGRATIONS_CODEC, shownOf } from './state';
import { formatMillis, segmentsOf } from './strip';

const T0 = Date.parse('2026-11-28T10:00:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();

const STEPS = [
  { phase: 'prepared', at: at(0) },
  { phase: 'live', at: at(4) },
  { phase: 'converging', at: at(5) },
  { phase: 'succeeded', at: at(30) },
] as const;

function migration(change: Partial<Migration>): Migration {
  const place = { pod: 'launcher', node: 'node-1' };
  return {
    namespace: 'vms',
    name: 'm',
    machine: 'db',
    source: place,
    target: { ...place, node: 'node-2' },
    phase: 'succeeded',
    steps: STEPS,
    gap_millis: 12,
    gap_packets: 1,
    connections: { moved: 3, kept: 0, dropped: 0 },
    reason: '',
    owner: '',
    ...change,
  };
}

describe('the strip of a migration', () => {
  it('has a segment for each phase until the last one, which takes no time', () => {
    const segments = segmentsOf(migration({}), T0 + 60_000);
    expect(segments.map(({ phase, from, to }) => [phase, to - from])).toEqual([
      ['prepared', 4_000],
      ['live', 1_000],
      ['converging', 25_000],
    ]);
    expect(segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(segments[0]!.share / segments[1]!.share).toBeCloseTo(2);
  });

  it('lets the phase of a running migration grow, and none vanish', () => {
    const running = migration({ phase: 'live', steps: STEPS.slice(0, 2) });
    expect(segmentsOf(running, T0 + 9_000).at(-1)).toMatchObject({ phase: 'live', to: T0 + 9_000 });
    const short = segmentsOf(migration({ phase: 'live', steps: STEPS.slice(0, 2) }), T0 + 4_000);
    expect(short.at(-1)!.share).toBeGreaterThan(0.03);
    expect(segmentsOf(migration({ phase: 'pending', steps: [] }), T0)).toEqual([]);
  });

  it('says times in the unit that says them well', () => {
    expect([12, 2_410, 75_000].map(formatMillis)).toEqual(['12 ms', '2.41 s', '75 s']);
  });
});

describe('the list of migrations', () => {
  const items = [migration({}), migration({ phase: 'live', machine: 'web' }), migration({ phase: 'failed', reason: 'no ARP' })];
  const shown = (query: string) => shownOf(items, MIGRATIONS_CODEC.parse(query)).map(({ phase }) => phase);

  it('is filtered by state and words', () => {
    expect(shown('')).toEqual(['succeeded', 'live', 'failed']);
    expect(shown('?show=running')).toEqual(['live']);
    expect(shown('?show=failed')).toEqual(['failed']);
    expect(shown('?q=VMS%2Fweb')).toEqual(['live']);
    expect(shown('?q=arp')).toEqual(['failed']);
  });

  it('keeps its filters in the address', () => {
    const query = '?gap=100&show=failed&q=db';
    expect(MIGRATIONS_CODEC.format(MIGRATIONS_CODEC.parse(query))).toBe(query);
    expect(MIGRATIONS_CODEC.format(MIGRATIONS_CODEC.parse('?gap=-1&show=some'))).toBe('');
  });
});
