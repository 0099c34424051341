import { describe, expect, it } from 'vitest';
import type { PolicyUse } from './api';
import { csvOf } from './csv';
import { NOBODY, rowsOf, UNUSED_CODEC, valuesOf } from './rows';

const NEVER = { last_used: null, in_this_generation: false, unused: true };
const USED = { last_used: '2026-11-20T10:00:00Z', in_this_generation: true, unused: false };

function policy(change: Partial<PolicyUse>): PolicyUse {
  return { kind: 'CalicoNetworkPolicy', tier: 'default', namespace: 'shop', name: 'cart', owner: 'shop', staged: false, created_at: null, rules: [], ...USED, ...change };
}

const POLICIES = [
  policy({ rules: [{ direction: 'ingress', index: 0, ...USED }, { direction: 'ingress', index: 1, ...NEVER }] }),
  policy({ ...NEVER, name: 'old', rules: [{ direction: 'egress', index: 0, ...NEVER }] }),
  policy({ ...NEVER, kind: 'GlobalNetworkPolicy', namespace: '', name: 'edge', tier: 'security', owner: '' }),
];

const lines = (query: string) => rowsOf(POLICIES, UNUSED_CODEC.parse(query)).map(({ policy: { name }, rule }) => `${name} ${rule}`.trim());

describe('the list of unused policies', () => {
  it('has a line for an unused policy, and for the unused rules of others', () => {
    expect(lines('')).toEqual(['cart ingress[1]', 'old', 'edge']);
    expect(lines('?show=all')).toEqual(['cart', 'cart ingress[0]', 'cart ingress[1]', 'old', 'old egress[0]', 'edge']);
  });

  it('is filtered by kind, tier, owner and words', () => {
    expect(lines('?tier=security')).toEqual(['edge']);
    expect(lines('?kind=CalicoNetworkPolicy&q=OLD')).toEqual(['old']);
    expect(lines('?owner=shop')).toEqual(['cart ingress[1]', 'old']);
    expect(lines(`?owner=${NOBODY}`)).toEqual(['edge']);
    expect(valuesOf(POLICIES, 'owner')).toEqual(['', 'shop']);
  });

  it('keeps its filters in the address', () => {
    const query = '?days=30&show=all&kind=K&tier=t&owner=o&q=w';
    expect(UNUSED_CODEC.format(UNUSED_CODEC.parse(query))).toBe(query);
    expect(UNUSED_CODEC.format(UNUSED_CODEC.parse('?days=-1&show=some'))).toBe('');
  });

  it('is exported without formulas', () => {
    const rows = rowsOf([policy({ ...NEVER, owner: '=cmd,"x"' })], UNUSED_CODEC.parse(''));
    expect(csvOf(rows)).toBe(
      'OWNER,TIER,KIND,POLICY,RULE,LAST USED,IN THIS GENERATION,CREATED\n"\'=cmd,""x""",default,CalicoNetworkPolicy,shop/cart,all,never,not yet,unknown\n',
    );
  });
});
