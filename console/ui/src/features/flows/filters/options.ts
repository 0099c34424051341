import type { PickerOption } from '../../../design/Picker';
import { kindAbbreviation, kindLabel } from '../../verdict/words';
import type { PolicyRef } from '../model/flow';
import type { Tally } from '../store/Tally';
import { parsePeer } from './peers';
import { formatPolicyMatch, matchOf, NO_POLICY, parsePolicyMatch, policyMatchLabel } from './policies';

/** The choices of the filters, from what the list holds, the most frequent first. */
export function countedOptions(counts: ReadonlyMap<string, number>): readonly PickerOption[] {
  return byCount([...counts].map(([value, count]) => ({ value, label: value, count })));
}

/** Endpoints, and before them the namespaces that they are in, as whole ones. */
export function peerOptions(counts: ReadonlyMap<string, number>): readonly PickerOption[] {
  const namespaces = new Map<string, number>();
  for (const [text, count] of counts) {
    const { namespace } = parsePeer(text);
    if (namespace !== '') namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + count);
  }
  const whole = [...namespaces].map(([namespace, count]) => ({ ...describePeer(`${namespace}/`), count }));
  return [...byCount(whole), ...byCount([...counts].map(([value, count]) => ({ ...describePeer(value), count })))];
}

export function describePeer(value: string): PickerOption {
  const { namespace, name } = parsePeer(value);
  return name === '' ? { value, label: namespace, prefix: 'namespace' } : { value, label: value };
}

/** Single policies, and below them whole tiers and flows without a policy. */
export function policyOptions(tally: Tally): readonly PickerOption[] {
  const single = [...tally.policies].flatMap(([key, count]) => {
    const ref = tally.policyRefs.get(key);
    return ref ? [{ ...describePolicy(matchOf(ref)), count }] : [];
  });
  const tiers = distinct([...tally.policyRefs.values()].map((ref) => ref.tier)).map((tier) => describePolicy(formatPolicyMatch({ tier })));
  return [...byCount(single), ...tiers, describePolicy(NO_POLICY)];
}

export function describePolicy(value: string): PickerOption {
  const match = parsePolicyMatch(value);
  const label = policyMatchLabel(value);
  if (!match || value === NO_POLICY) return { value, label, prefix: 'profile' };
  if (match.name === '*') return { value, label: label.replace(/^tier /, ''), prefix: label.startsWith('tier ') ? 'tier' : 'any' };
  return { value, label, prefix: kindAbbreviation(match.kind) };
}

/** The values that each part of a policy match can have. */
export interface PolicyParts {
  readonly kinds: readonly { readonly value: string; readonly label: string }[];
  readonly tiers: readonly string[];
  readonly namespaces: readonly string[];
  readonly names: readonly string[];
}

export function policyParts(policies: Iterable<PolicyRef>): PolicyParts {
  const all = [...policies];
  return {
    kinds: distinct(all.map((policy) => policy.kind)).map((value) => ({ value, label: kindLabel(value) })),
    tiers: distinct(all.map((policy) => policy.tier)),
    namespaces: distinct(all.map((policy) => policy.namespace || '-')),
    names: distinct(all.map((policy) => policy.name)),
  };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== '').sort();
}

function byCount(options: PickerOption[]): readonly PickerOption[] {
  return options.sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || (a.value < b.value ? -1 : 1));
}
