import { policyKey } from '../../flows/model/flow';
import type { BoardPolicy, BoardTier, PolicyName } from '../api';

/** Which policies the board shows. */
export interface BoardFilter {
  /** Words that must occur in name, namespace, kind or labels. */
  readonly text: string;
  readonly show: 'all' | 'staged' | 'denying' | 'unused';
}

export const ALL_POLICIES: BoardFilter = { text: '', show: 'all' };

export function keyOf(policy: PolicyName): string {
  return policyKey({ ...policy, tier: '' });
}

/** The parts of a policy's key, see `policyKey`; null if it is none. */
export function parseKey(key: string): PolicyName | null {
  const colon = key.indexOf(':');
  if (colon <= 0 || colon === key.length - 1) return null;
  const kind = key.slice(0, colon);
  const rest = key.slice(colon + 1);
  const slash = rest.indexOf('/');
  return slash < 0 ? { kind, namespace: '', name: rest } : { kind, namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
}

export function isUnused({ activity }: BoardPolicy): boolean {
  return activity.last_used === null && activity.allowed + activity.denied + activity.passed === 0;
}

/** The tiers with the policies that the filter lets through; tiers stay, so that the order can be seen. */
export function filtered(tiers: readonly BoardTier[], filter: BoardFilter): readonly BoardTier[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (policy: BoardPolicy) => {
    if (filter.show === 'staged' && !policy.staged) return false;
    if (filter.show === 'denying' && policy.activity.denied === 0) return false;
    if (filter.show === 'unused' && !isUnused(policy)) return false;
    const labels = Object.entries(policy.labels).map(([name, value]) => `${name}=${value}`);
    const haystack = [policy.kind, policy.namespace, policy.name, ...labels].join(' ').toLowerCase();
    return words.every((word) => haystack.includes(word));
  };
  return tiers.map((tier) => ({ ...tier, policies: tier.policies.filter(matches) }));
}

/** Where a card is: the index of its tier, and its place there. */
export interface Place {
  readonly tier: number;
  readonly index: number;
}

export function placeOf(tiers: readonly BoardTier[], key: string | null): Place | null {
  for (const [tier, { policies }] of tiers.entries()) {
    const index = policies.findIndex((policy) => keyOf(policy) === key);
    if (index >= 0) return { tier, index };
  }
  return null;
}

/** The card that an arrow key leads to; columns without cards are skipped. */
export function neighbour(tiers: readonly BoardTier[], from: Place | null, key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'): BoardPolicy | undefined {
  if (from === null) return tiers.find((tier) => tier.policies.length > 0)?.policies[0];
  if (key === 'ArrowUp' || key === 'ArrowDown') return tiers[from.tier]!.policies[from.index + (key === 'ArrowUp' ? -1 : 1)];
  const step = key === 'ArrowLeft' ? -1 : 1;
  for (let tier = from.tier + step; tier >= 0 && tier < tiers.length; tier += step) {
    const { policies } = tiers[tier]!;
    if (policies.length > 0) return policies[Math.min(from.index, policies.length - 1)];
  }
  return undefined;
}

/**
 * Whom a policy has to stand before, to be moved by one step in its tier; null is the end, undefined if
 * it cannot go further. Policies of one order, such as a policy and its staged form, are passed together:
 * no order number leads between them.
 */
export function targetOfStep(policies: readonly BoardPolicy[], index: number, step: -1 | 1): BoardPolicy | null | undefined {
  const passed = policies[index + step];
  if (passed === undefined) return undefined;
  let end = index + step;
  while (policies[end + step] !== undefined && policies[end + step]!.order === passed.order) end += step;
  return step === -1 ? policies[end] : (policies[end + 1] ?? null);
}
