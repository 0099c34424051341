import { getJson, queryOf } from '../../../api/http';
import type { PolicyName } from '../api';

/** When something was last used. */
interface Use {
  /** RFC 3339, in any generation; null for never. */
  readonly last_used: string | null;
  /** Whether that was after the last change of the policy; null if nobody knows. */
  readonly in_this_generation: boolean | null;
  readonly unused: boolean;
}

export interface RuleUse extends Use {
  readonly direction: 'ingress' | 'egress';
  readonly index: number;
}

export interface PolicyUse extends PolicyName, Use {
  readonly tier: string;
  /** Empty if nobody is named. */
  readonly owner: string;
  readonly staged: boolean;
  readonly created_at: string | null;
  readonly rules: readonly RuleUse[];
}

export interface PolicyUses {
  readonly since: string;
  /** Null if no flow is on record. */
  readonly recorded_since: string | null;
  /** Hours without any flow at all. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  readonly policies: readonly PolicyUse[];
}

export function fetchUses(days: number, signal: AbortSignal): Promise<PolicyUses> {
  return getJson<PolicyUses>(`/api/v1/policies/use${queryOf({ startTimeGte: -days * 86_400 })}`, signal);
}
