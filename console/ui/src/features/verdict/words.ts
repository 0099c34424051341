import type { Endpoint, Flow, Hit, PolicyRef, Reporter } from '../flows/model/flow';
import { isDefaultAction, isProfile, type Step } from './chain';

export type Direction = 'egress' | 'ingress';

/** The source reports its egress, the destination its ingress. */
export function directionOf(reporter: Reporter): Direction {
  return reporter === 'src' ? 'egress' : 'ingress';
}

/** The endpoint whose policies gave the verdict. */
export function judgedEndpoint(flow: Flow): Endpoint {
  return flow.reporter === 'src' ? flow.source : flow.dest;
}

export function qualified(ref: { readonly namespace: string; readonly name: string }): string {
  return ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
}

/** What kubectl and people call the kind; Goldmane's names tell the two NetworkPolicy kinds apart. */
export function kindLabel(kind: string): string {
  switch (kind) {
    case 'CalicoNetworkPolicy':
      return 'NetworkPolicy (Calico)';
    case 'NetworkPolicy':
      return 'NetworkPolicy (Kubernetes)';
    default:
      return kind;
  }
}

/** The short form for the list. */
export function kindAbbreviation(kind: string): string {
  switch (kind) {
    case 'CalicoNetworkPolicy':
      return 'np';
    case 'NetworkPolicy':
      return 'knp';
    case 'GlobalNetworkPolicy':
      return 'gnp';
    case 'StagedNetworkPolicy':
      return 'snp';
    case 'StagedGlobalNetworkPolicy':
      return 'sgnp';
    case 'StagedKubernetesNetworkPolicy':
      return 'sknp';
    case 'ClusterNetworkPolicy':
      return 'cnp';
    case 'Profile':
      return 'profile';
    default:
      return kind;
  }
}

export function isStaged(ref: PolicyRef): boolean {
  return ref.kind.startsWith('Staged');
}

const PAST: Readonly<Record<string, string>> = { Allow: 'allowed', Deny: 'denied', Pass: 'passed on' };

/** What happened at a step, as a sentence or two. */
export function explainStep(step: Step, tier: string | null, direction: Direction): string {
  switch (step.type) {
    case 'skipped':
      return `No policy of ${tier} applies to this endpoint's ${direction}.`;
    case 'unreached':
      return 'Not reached: the verdict was given before.';
    case 'hit':
      return explainHit(step.hit, direction);
  }
}

function explainHit(hit: Hit, direction: Direction): string {
  if (isProfile(hit) && isDefaultAction(hit)) return 'No tier decided and no profile allows it, so it is denied.';
  if (isProfile(hit)) return `No tier decided; the profile's ${direction} rule ${hit.ruleIndex} ${PAST[hit.action]} it.`;
  if (isDefaultAction(hit)) {
    const why = hit.trigger ? ` It applies because ${qualified(hit.trigger)} selects this endpoint.` : '';
    return `No rule of ${hit.tier} matched; the tier's default is ${hit.action}.${why}`;
  }
  const end = hit.action === 'Pass' ? ' to the next tier' : '';
  return `${direction === 'ingress' ? 'Ingress' : 'Egress'} rule ${hit.ruleIndex} ${PAST[hit.action]}${end}.`;
}

/** One line on what decided, for the list and for the clipboard. */
export function decisionTitle(hit: Hit | undefined): string {
  if (!hit) return 'no policy';
  if (isProfile(hit) && isDefaultAction(hit)) return 'no profile allows it';
  if (isDefaultAction(hit)) return `end of ${hit.tier}`;
  return qualified(hit);
}
