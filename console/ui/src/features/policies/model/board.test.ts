import { describe, expect, it } from 'vitest';
import type { BoardPolicy, BoardTier } from '../api';
import { ALL_POLICIES, filtered, keyOf, neighbour, parseKey, placeOf, targetOfStep } from './board';

function policy(name: string, change: Partial<BoardPolicy> = {}): BoardPolicy {
  return {
    kind: 'CalicoNetworkPolicy',
    namespace: 'shop',
    name,
    order: 10,
    staged: false,
    types: ['Ingress'],
    ingress_rules: 1,
    egress_rules: 0,
    resource_version: '1',
    labels: {},
    editable: true,
    activity: { allowed: 1, denied: 0, passed: 0, last_used: '2026-11-21T10:00:00Z' },
    ...change,
  };
}

function tier(name: string, ...policies: BoardPolicy[]): BoardTier {
  return { name, order: 1, default_action: 'Deny', missing: false, policies };
}

const a = policy('a');
const b = policy('b', { labels: { team: 'cart' } });
const c = policy('c', { kind: 'GlobalNetworkPolicy', namespace: '' });
const TIERS = [tier('first', a, b), tier('empty'), tier('last', c)];

describe('keys of policies', () => {
  it.each([a, c, policy('x.y/z')])('survive the round trip', ({ kind, namespace, name }) => {
    expect(parseKey(keyOf({ kind, namespace, name }))).toEqual({ kind, namespace, name });
  });

  it.each(['', 'cart', ':cart', 'GlobalNetworkPolicy:'])('are not made of %j', (text) => {
    expect(parseKey(text)).toBeNull();
  });
});

describe('the board', () => {
  it('filters policies but keeps the tiers', () => {
    const names = (filter: Partial<typeof ALL_POLICIES>) => filtered(TIERS, { ...ALL_POLICIES, ...filter }).map(({ policies }) => policies.map(({ name }) => name).join());
    expect(names({ text: 'team=cart' })).toEqual(['b', '', '']);
    expect(names({ text: 'global' })).toEqual(['', '', 'c']);
    expect(names({ show: 'staged' })).toEqual(['', '', '']);
  });

  it('leads arrow keys from card to card', () => {
    expect(neighbour(TIERS, null, 'ArrowDown')).toBe(a);
    expect(neighbour(TIERS, placeOf(TIERS, keyOf(a)), 'ArrowDown')).toBe(b);
    expect(neighbour(TIERS, placeOf(TIERS, keyOf(b)), 'ArrowDown')).toBeUndefined();
    expect(neighbour(TIERS, placeOf(TIERS, keyOf(b)), 'ArrowRight')).toBe(c);
    expect(neighbour(TIERS, placeOf(TIERS, keyOf(c)), 'ArrowLeft')).toBe(a);
  });

  it('says whom a moved policy comes to stand before', () => {
    const three = [a, b, c].map((each, index) => ({ ...each, order: 10 * index }));
    expect(targetOfStep(three, 1, -1)).toBe(three[0]);
    expect(targetOfStep(three, 0, 1)).toBe(three[2]);
    expect(targetOfStep(three, 1, 1)).toBeNull();
    expect(targetOfStep(three, 0, -1)).toBeUndefined();
    expect(targetOfStep(three, 2, 1)).toBeUndefined();
  });

  it('passes policies of one order together, since nothing fits between them', () => {
    const [first, enforced, staged, last] = [5, 10, 10, 20].map((order, index) => policy(`p${index}`, { order })) as [BoardPolicy, BoardPolicy, BoardPolicy, BoardPolicy];
    const all = [first, enforced, staged, last];
    expect(targetOfStep(all, 3, -1)).toBe(enforced);
    expect(targetOfStep(all, 0, 1)).toBe(last);
    expect(targetOfStep(all, 1, -1)).toBe(first);
    expect(targetOfStep([first, enforced, staged], 0, 1)).toBeNull();
  });
});
