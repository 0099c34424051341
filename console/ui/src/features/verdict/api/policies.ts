import { getJson } from '../../../api/http';
import type { PolicyRef } from '../../flows/model/flow';
import type { Tier } from '../chain';
import type { Direction } from '../words';

/** A policy as it is now; the flow may be from before its last change. */
export interface PolicyText {
  readonly yaml: string;
  readonly rules: Readonly<Record<Direction, readonly string[]>>;
}

/**
 * Asks for a policy's YAML.
 *
 * @throws Error with a sentence for people
 */
export async function fetchPolicy(ref: PolicyRef, signal: AbortSignal): Promise<PolicyText> {
  const path = [ref.kind, ref.namespace || '-', ref.name].map(encodeURIComponent).join('/');
  return getJson<PolicyText>(`/api/v1/policies/${path}`, signal);
}

interface WireTier {
  readonly name: string;
  readonly order: number | null;
  readonly default_action: string;
  readonly policies: readonly unknown[];
}

/** The tiers in the order of evaluation, without those that have no policy: nothing happens there. */
export async function fetchTiers(signal: AbortSignal): Promise<readonly Tier[]> {
  const { tiers } = await getJson<{ readonly tiers: readonly WireTier[] }>('/api/v1/tiers?startTimeGte=-60', signal);
  return tiers
    .filter((tier) => tier.policies.length > 0)
    .map((tier) => ({ name: tier.name, order: tier.order, defaultAction: tier.default_action }));
}
