import { describe, expect, it } from 'vitest';
import { flow, wireHit } from '../flows/testing';
import type { WireHit } from '../flows/model/wire';
import { buildChain, type Link, type Tier } from './chain';
import { summarize } from './summary';

const TIERS: readonly Tier[] = ['security', 'platform', 'default'].map((name, order) => ({ name, order, defaultAction: 'Deny' }));
const pass = wireHit({ kind: 'GlobalNetworkPolicy', name: 'base', namespace: '', tier: 'platform', action: 'Pass' });
const allow = wireHit();
const stagedDeny = wireHit({ kind: 'StagedNetworkPolicy', name: 'lockdown', action: 'Deny' });
const endOfTier = wireHit({ kind: 'EndOfTier', name: '', namespace: '', action: 'Deny', rule_index: -1, trigger: wireHit() });
const profile = wireHit({ kind: 'Profile', name: 'kns.shop', namespace: '', tier: '' });
const noProfile = wireHit({ kind: 'Profile', name: '', namespace: '', tier: '', action: 'Deny', rule_index: -1 });

function chainOf(enforced: WireHit[], pending: WireHit[] = enforced, tiers = TIERS): readonly Link[] {
  return buildChain(flow({ policies: { enforced, pending } }).trace, tiers);
}

/** `tier:step` for the enforced side; a final hit has an exclamation mark. */
function sketch(chain: readonly Link[], lane: 'enforced' | 'pending' = 'enforced'): string[] {
  return chain.map((link) => {
    const step = link[lane];
    const what = step.type === 'hit' ? `${step.hit.action}${step.final ? '!' : ''}` : step.type;
    return `${link.tier ?? 'profiles'}:${what}`;
  });
}

describe('buildChain', () => {
  it.each<[string, WireHit[], string[]]>([
    ['a rule after a pass', [pass, allow], ['security:skipped', 'platform:Pass', 'default:Allow!']],
    ['an early end', [{ ...pass, action: 'Deny' }], ['security:skipped', 'platform:Deny!', 'default:unreached']],
    ['the end of a tier', [endOfTier], ['security:skipped', 'platform:skipped', 'default:Deny!']],
    ['a profile', [pass, profile], ['security:skipped', 'platform:Pass', 'default:skipped', 'profiles:Allow!']],
    ['no profile', [noProfile], ['security:skipped', 'platform:skipped', 'default:skipped', 'profiles:Deny!']],
    ['no trace at all', [], ['security:skipped', 'platform:skipped', 'default:skipped']],
  ])('%s', (_, hits, expected) => {
    expect(sketch(chainOf(hits))).toEqual(expected);
  });

  it('marks the links that staged policies change', () => {
    const chain = chainOf([pass, allow], [pass, stagedDeny]);
    expect(chain.map((link) => link.differs)).toEqual([false, false, true]);
    expect(sketch(chain, 'pending')).toEqual(['security:skipped', 'platform:Pass', 'default:Deny!']);
  });

  it('marks the links that a staged policy cuts off', () => {
    const chain = chainOf([pass, profile], [{ ...stagedDeny, tier: 'security' }]);
    expect(sketch(chain, 'pending')).toEqual(['security:Deny!', 'platform:unreached', 'default:unreached', 'profiles:unreached']);
    expect(chain.every((link) => link.differs)).toBe(true);
  });

  it('puts tiers that are gone where they were walked', () => {
    const gone = { ...pass, tier: 'gone' };
    expect(sketch(chainOf([{ ...pass, tier: 'security' }, gone, allow]))).toEqual([
      'security:Pass',
      'gone:Pass',
      'platform:skipped',
      'default:Allow!',
    ]);
    expect(sketch(chainOf([gone, allow], undefined, []))).toEqual(['gone:Pass', 'default:Allow!']);
  });
});

describe('summarize', () => {
  it('says in words which default of which tier decided, and why', () => {
    const denied = flow({ action: 'Deny', pending_action: 'Deny', policies: { enforced: [pass, endOfTier], pending: [pass, endOfTier] } });
    expect(summarize(denied, buildChain(denied.trace, TIERS)).split('\n')).toEqual([
      'shop/storefront-* -> shop/cart-*:7070 (tcp): denied at ingress',
      '2026-11-21T10:20:00.000Z to 2026-11-21T10:20:15.000Z',
      "  security: No policy of security applies to this endpoint's ingress.",
      '  platform: GlobalNetworkPolicy base: Ingress rule 0 passed on to the next tier.',
      "  default: No rule of default matched; the tier's default is Deny. It applies because shop/cart selects this endpoint.",
      '',
    ]);
  });

  it('adds what staged policies would change', () => {
    const staged = flow({ pending_action: 'Deny', policies: { enforced: [allow], pending: [stagedDeny] } });
    expect(summarize(staged, buildChain(staged.trace, TIERS))).toContain(
      'With staged policies: denied\n  default: StagedNetworkPolicy shop/lockdown: Ingress rule 0 denied.',
    );
  });
});
