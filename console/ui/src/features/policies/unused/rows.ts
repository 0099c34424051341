import { policyKey } from '../../flows/model/flow';
import type { PolicyUse } from './api';

/** Which policies are listed; empty fields ask for nothing. */
export interface UnusedState {
  readonly days: number;
  readonly show: 'unused' | 'all';
  readonly kind: string;
  readonly tier: string;
  /** `NOBODY` for those without an owner. */
  readonly owner: string;
  readonly text: string;
}

/** What stands for policies that nobody answers for. */
export const NOBODY = '-';
const DAYS = [7, 30, 90, 365] as const;
const USUAL_DAYS = 90;

export const ALL = { show: 'unused', kind: '', tier: '', owner: '', text: '' } as const;

export const UNUSED_CODEC = {
  parse(query: string): UnusedState {
    const params = new URLSearchParams(query);
    const days = Number(params.get('days') ?? USUAL_DAYS);
    return {
      days: Number.isInteger(days) && days > 0 && days <= 3_650 ? days : USUAL_DAYS,
      show: params.get('show') === 'all' ? 'all' : 'unused',
      kind: params.get('kind') ?? '',
      tier: params.get('tier') ?? '',
      owner: params.get('owner') ?? '',
      text: params.get('q') ?? '',
    };
  },
  format({ days, show, kind, tier, owner, text }: UnusedState): string {
    const params = new URLSearchParams();
    if (days !== USUAL_DAYS) params.set('days', String(days));
    if (show !== 'unused') params.set('show', show);
    for (const [name, value] of Object.entries({ kind, tier, owner, q: text.trim() })) if (value !== '') params.set(name, value);
    return params.size === 0 ? '' : `?${params}`;
  },
  isStep: () => false,
};

export function isFiltering({ kind, tier, owner, text }: UnusedState): boolean {
  return kind !== '' || tier !== '' || owner !== '' || text.trim() !== '';
}

/** The times to choose from, that of the address among them. */
export function dayChoices(days: number) {
  return [...new Set([...DAYS, days])].sort((a, b) => a - b).map((count) => ({ value: String(count), label: `not used for ${count} days` }));
}

/** A line of the list: a policy as a whole, or one of its rules. */
export interface Row {
  readonly key: string;
  readonly policy: PolicyUse;
  /** `ingress[0]`; empty for the whole policy. */
  readonly rule: string;
  readonly lastUsed: string | null;
  readonly inThisGeneration: boolean | null;
  readonly unused: boolean;
}

/** A policy of which nothing was used is one line; of one that was used, its unused rules are. */
export function rowsOf(policies: readonly PolicyUse[], state: UnusedState): readonly Row[] {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  return policies.filter((policy) => matches(policy, state, words)).flatMap((policy) => linesOf(policy, state.show));
}

function matches(policy: PolicyUse, { kind, tier, owner }: UnusedState, words: readonly string[]): boolean {
  const text = `${policy.owner} ${policy.tier} ${policy.kind} ${policy.namespace}/${policy.name}`.toLowerCase();
  return (
    (kind === '' || policy.kind === kind) &&
    (tier === '' || policy.tier === tier) &&
    (owner === '' || policy.owner === (owner === NOBODY ? '' : owner)) &&
    words.every((word) => text.includes(word))
  );
}

function linesOf(policy: PolicyUse, show: UnusedState['show']): readonly Row[] {
  const whole = row(policy, '', policy);
  const rules = policy.rules.map((rule) => row(policy, `${rule.direction}[${rule.index}]`, rule));
  if (show === 'all') return [whole, ...rules];
  return policy.unused ? [whole] : rules.filter((rule) => rule.unused);
}

function row(policy: PolicyUse, rule: string, use: { readonly last_used: string | null; readonly in_this_generation: boolean | null; readonly unused: boolean }): Row {
  return { key: `${policyKey(policy)} ${rule}`, policy, rule, lastUsed: use.last_used, inThisGeneration: use.in_this_generation, unused: use.unused };
}

/** The values that there are, sorted. */
export function valuesOf(policies: readonly PolicyUse[], field: 'kind' | 'tier' | 'owner'): readonly string[] {
  return [...new Set(policies.map((policy) => policy[field]))].sort();
}

export function generationText(used: boolean | null): string {
  return used === null ? 'unknown' : used ? 'yes' : 'not yet';
}
