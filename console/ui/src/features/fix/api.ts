import { getJson, queryOf } from '../../api/http';
import type { PolicyName, TurnedTraffic, VerdictChange } from '../policies/api';

/** How far back is looked for what else a change would turn. */
export const EFFECT_HOURS = 24;

/** One policy to change, so that the verdict turns. */
export interface FixChange {
  readonly statement: string;
  readonly policy: PolicyName;
  readonly tier: string;
  /** False: the policy is to be created. */
  readonly exists: boolean;
  readonly rule_yaml: string;
  readonly before_yaml: string;
  readonly after_yaml: string;
  /** Null where the kind cannot be staged. */
  readonly staged_yaml: string | null;
  readonly resource_version: string;
}

export interface Fix {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  /** The verdict now, which may not be that of the flow any more. */
  readonly action: string;
  /** All are needed; empty where policies alone cannot turn the verdict. */
  readonly changes: readonly FixChange[];
  readonly notes: readonly string[];
  /** Null where nothing is proposed. */
  readonly effect: Effect | null;
}

/** What a proposal would turn if it was enforced. */
export interface Effect {
  readonly flows: TurnedConversations | null;
  /** Null for those who do not see all namespaces. */
  readonly endpoints: TurnedTraffic | null;
  /** There were more flows than those that were looked at. */
  readonly truncated: boolean;
}

export interface TurnedConversations {
  readonly conversations: number;
  readonly allowed_to_denied: number;
  readonly denied_to_allowed: number;
  readonly unknown: number;
  readonly items: readonly {
    readonly change: VerdictChange;
    readonly source: string;
    readonly dest: string;
    readonly protocol: string;
    readonly port: number;
    readonly connections: number;
    /** The fact that the records lack. */
    readonly missing?: string;
  }[];
}

/** The part of a query that asks for the effect. */
export const EFFECT_SINCE = { startTimeGte: -EFFECT_HOURS * 3_600 } as const;

export function fetchFix(flowId: string, signal: AbortSignal): Promise<Fix> {
  return getJson<Fix>(`/api/v1/flows/${encodeURIComponent(flowId)}/fix${queryOf(EFFECT_SINCE)}`, signal);
}
