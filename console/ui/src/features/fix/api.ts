import { getJson } from '../../api/http';
import type { PolicyName } from '../policies/api';

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
}

export function fetchFix(flowId: string, signal: AbortSignal): Promise<Fix> {
  return getJson<Fix>(`/api/v1/flows/${encodeURIComponent(flowId)}/fix`, signal);
}
