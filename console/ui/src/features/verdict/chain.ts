import type { Hit, Trace } from '../flows/model/flow';

/** A tier as the server lists it, in the order of evaluation. */
export interface Tier {
  readonly name: string;
  readonly order: number | null;
  readonly defaultAction: string;
}

/** What happened at one link of the chain. */
export type Step =
  /** A rule or a default action decided, or passed on. */
  | { readonly type: 'hit'; readonly hit: Hit; readonly final: boolean }
  /** No policy of the tier governs this endpoint in this direction. */
  | { readonly type: 'skipped' }
  /** The verdict was given before. */
  | { readonly type: 'unreached' };

/** One link: a tier, or the profiles after the last tier. */
export interface Link {
  /** The tier's name; null for the profiles. */
  readonly tier: string | null;
  readonly defaultAction: string | null;
  readonly enforced: Step;
  readonly pending: Step;
  /** Whether the staged policies change this link. */
  readonly differs: boolean;
}

/**
 * Lines the enforced and the pending trace up by tier. Tiers that the server does not know (any more)
 * but the trace names are put where the trace walked them.
 */
export function buildChain(trace: Trace, tiers: readonly Tier[]): readonly Link[] {
  const names = mergeTiers(tiers, trace);
  const links = names.map((name): Link => {
    const enforced = stepIn(trace.enforced, names, name);
    const pending = stepIn(trace.pending, names, name);
    const defaultAction = tiers.find((tier) => tier.name === name)?.defaultAction ?? null;
    return { tier: name, defaultAction, enforced, pending, differs: !sameStep(enforced, pending) };
  });
  const profiles = { enforced: profileStep(trace.enforced), pending: profileStep(trace.pending) };
  if (profiles.enforced.type === 'hit' || profiles.pending.type === 'hit') {
    links.push({ tier: null, defaultAction: null, ...profiles, differs: !sameStep(profiles.enforced, profiles.pending) });
  }
  return links;
}

/** Profiles come after all tiers; flow records file them under no tier. */
export function isProfile(hit: Hit): boolean {
  return hit.kind === 'Profile';
}

/** Whether the default action of a tier or of the profiles decided, and no rule did. */
export function isDefaultAction(hit: Hit): boolean {
  return hit.ruleIndex < 0;
}

function mergeTiers(tiers: readonly Tier[], trace: Trace): readonly string[] {
  const names = tiers.map((tier) => tier.name);
  for (const hits of [trace.enforced, trace.pending]) {
    let place = 0;
    for (const hit of hits) {
      if (isProfile(hit)) continue;
      const known = names.indexOf(hit.tier);
      if (known < 0) names.splice(place, 0, hit.tier);
      place = (known < 0 ? place : known) + 1;
    }
  }
  return names;
}

function stepIn(hits: readonly Hit[], names: readonly string[], tier: string): Step {
  const index = hits.findIndex((hit) => !isProfile(hit) && hit.tier === tier);
  if (index >= 0) return { type: 'hit', hit: hits[index]!, final: index === hits.length - 1 };
  const last = hits[hits.length - 1];
  if (!last || isProfile(last)) return { type: 'skipped' };
  return names.indexOf(tier) < names.indexOf(last.tier) ? { type: 'skipped' } : { type: 'unreached' };
}

function profileStep(hits: readonly Hit[]): Step {
  const hit = hits.find(isProfile);
  return hit ? { type: 'hit', hit, final: true } : { type: 'unreached' };
}

function sameStep(a: Step, b: Step): boolean {
  if (a.type !== 'hit' || b.type !== 'hit') return a.type === b.type;
  return (
    a.hit.kind === b.hit.kind &&
    a.hit.namespace === b.hit.namespace &&
    a.hit.name === b.hit.name &&
    a.hit.ruleIndex === b.hit.ruleIndex &&
    a.hit.action === b.hit.action
  );
}
