import { describe, expect, it } from 'vitest';
import { NO_FILTERS } from '../filters/filters';
import { NEWEST_FIRST, SORT_COLUMNS, type Order } from '../filters/order';
import type { Flow } from '../model/flow';
import { flow } from '../testing';
import { FlowBuffer } from './FlowBuffer';
import { FlowView } from './FlowView';
import { Tally } from './Tally';

const BASE = Date.parse('2026-11-21T10:00:00Z');

function at(id: string, second: number, change: Parameters<typeof flow>[0] = {}): Flow {
  return flow({ id, start_time: new Date(BASE + second * 1000).toISOString(), ...change });
}

function fill(buffer: FlowBuffer, ...flows: Flow[]) {
  flows.forEach((each) => buffer.offer(each));
  return buffer.commit();
}

describe('FlowBuffer', () => {
  it('shows records only after the commit', () => {
    const buffer = new FlowBuffer(10);
    buffer.offer(at('a', 0));
    expect([buffer.size, buffer.waitingSize]).toEqual([0, 1]);
    buffer.commit();
    expect([buffer.size, buffer.waitingSize]).toEqual([1, 0]);
  });

  it('replaces a record by a newer one with the same id', () => {
    const buffer = new FlowBuffer(10);
    const old = at('a', 0);
    const grown = at('a', 0, { bytes_in: 9_999 });
    fill(buffer, old);
    const change = fill(buffer, grown);
    expect(change.removed).toEqual(new Set([old]));
    expect(change.added).toEqual([grown]);
    expect(buffer.get('a')).toBe(grown);
  });

  it('announces only the last of several versions in one commit', () => {
    const last = at('a', 0, { bytes_in: 2 });
    expect(fill(new FlowBuffer(10), at('a', 0), last)).toEqual({ added: [last], removed: new Set() });
  });

  it('makes room for new records and counts what went', () => {
    const buffer = new FlowBuffer(2);
    const [a, b, c] = [at('a', 0), at('b', 1), at('c', 2)];
    fill(buffer, a, b);
    expect(fill(buffer, c).removed).toEqual(new Set([a]));
    expect([buffer.size, buffer.evicted]).toEqual([2, 1]);
  });

  it('does not announce what comes and goes in one commit', () => {
    const buffer = new FlowBuffer(1);
    const last = at('b', 1);
    expect(fill(buffer, at('a', 0), last)).toEqual({ added: [last], removed: new Set() });
  });

  it('holds a bounded number of records while nothing is committed', () => {
    const buffer = new FlowBuffer(10);
    for (let i = 0; i < 100; i++) buffer.offer(at(`f${i}`, i));
    expect(buffer.waitingSize).toBeLessThanOrEqual(20);
    buffer.commit();
    expect(buffer.size + buffer.evicted).toBe(100);
    expect(buffer.get('f99')).toBeDefined();
  });
});

describe('FlowView', () => {
  const random = seeded(11);
  const orders: readonly Order[] = SORT_COLUMNS.flatMap((column) => [
    { column, descending: false },
    { column, descending: true },
  ]);

  it.each(orders)('after any changes equals a view made anew, by $column, descending $descending', (order) => {
    const buffer = new FlowBuffer(60);
    const filters = { ...NO_FILTERS, verdict: 'deny' as const };
    const view = new FlowView([], filters, order);
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < random(12); i++) buffer.offer(randomFlow(random));
      view.apply(buffer.commit());
    }
    const fresh = new FlowView(buffer.all(), filters, order);
    expect(view.rows.map(({ id }) => id)).toEqual(fresh.rows.map(({ id }) => id));
    expect(view.rows.length).toBeGreaterThan(5);
    view.rows.forEach((row, index) => expect(view.indexOf(row)).toBe(index));
  });

  it('knows what it does not hold', () => {
    const view = new FlowView([at('a', 0)], NO_FILTERS, NEWEST_FIRST);
    expect(view.indexOf(at('b', 5))).toBe(-1);
  });

  it('puts the newest first', () => {
    const view = new FlowView([at('a', 0), at('c', 30), at('b', 15)], NO_FILTERS, NEWEST_FIRST);
    expect(view.rows.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('Tally', () => {
  it('counts what is there and forgets what is not', () => {
    const tally = new Tally();
    const allowed = at('a', 0, { dest_namespace: 'payments', pending_action: 'Deny' });
    const denied = at('b', 14, { action: 'Deny', pending_action: 'Deny' });
    tally.apply({ added: [allowed, denied], removed: new Set() });
    expect(tally).toMatchObject({ flows: 2, denied: 1, differing: 1 });
    expect(tally.buckets.get(BASE)).toEqual({ allowed: 1, denied: 1 });
    expect([...tally.namespaces]).toEqual([
      ['shop', 2],
      ['payments', 1],
    ]);
    tally.apply({ added: [], removed: new Set([allowed]) });
    expect(tally).toMatchObject({ flows: 1, denied: 1, differing: 0 });
    expect([...tally.namespaces]).toEqual([['shop', 1]]);
    tally.apply({ added: [], removed: new Set([denied]) });
    expect([tally.buckets.size, tally.policies.size]).toEqual([0, 0]);
  });
});

function randomFlow(random: (limit: number) => number): Flow {
  const verdict = random(2) === 0 ? 'Allow' : 'Deny';
  return at(`f${random(100)}`, random(20) * 15, {
    action: verdict,
    pending_action: verdict,
    bytes_in: random(50),
    dest_port: random(3),
    source_name: `pod-${random(4)}`,
    dest_namespace: `ns-${random(3)}`,
    reporter: random(2) === 0 ? 'Src' : 'Dst',
  });
}

function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
