import { describe, expect, it } from 'vitest';
import { formatState, INITIAL_STATE, parseState, type PageState } from './url';

const FULL: PageState = {
  filters: {
    verdict: 'deny',
    pending: 'differs',
    reporter: 'src',
    namespaces: ['shop', 'a&b'],
    sources: ['shop/', 'shop/cart-*'],
    dests: ['public network'],
    ports: ['tcp:443', ':53'],
    policies: ['GlobalNetworkPolicy/*/-/security.quarantine', '*/platform/*/*'],
    text: 'tcp:8080 -dns',
  },
  range: { type: 'fixed', from: Date.parse('2026-11-21T10:00:00Z'), to: Date.parse('2026-11-21T11:30:00Z') },
  order: { column: 'bytes', descending: true },
  selected: '42-1763720400',
  tab: 'fix',
};

describe('page state in the address', () => {
  it('survives the round trip', () => {
    expect(parseState(formatState(FULL))).toEqual(FULL);
    expect(parseState(formatState({ ...FULL, order: { column: 'time', descending: false } })).order).toEqual({ column: 'time', descending: false });
  });

  it('is empty at the start', () => {
    expect(formatState(INITIAL_STATE)).toBe('');
    expect(parseState('')).toEqual(INITIAL_STATE);
  });

  it('is readable', () => {
    expect(formatState({ ...INITIAL_STATE, filters: { ...INITIAL_STATE.filters, verdict: 'deny', namespaces: ['shop'] } })).toBe('?verdict=deny&namespace=shop');
  });

  it.each(['?verdict=perhaps', '?sort=-colour', '?sort=-', '?reporter=', '?namespace=', '?unknown=1', '?q=+', '?port=99999', '?policy=cart', '?range=yesterday', '?range=2026-11-21T10:00:00Z_2026-11-20T10:00:00Z', '?tab=fix'])('takes %s for the start', (query) => {
    expect(formatState(parseState(query))).toBe('');
  });

  it('drops repeated values', () => {
    expect(parseState('?namespace=a&namespace=a').filters.namespaces).toEqual(['a']);
  });
});
