/** Flow records as the server sends them, see docs/api.md: Whisker's fields, and ours beside them. */

export type ActionName = 'Allow' | 'Deny' | 'Pass' | 'Log';

/** One step of a trace. `rule_index` is -1 for a default action; a tier's names its `trigger`. */
export interface WireHit {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly tier: string;
  readonly action: string;
  readonly policy_index: number;
  readonly rule_index: number;
  readonly trigger: WireHit | null;
}

export interface WirePolicies {
  /** Goldmane writes an empty list as null. */
  readonly enforced: readonly WireHit[] | null;
  readonly pending: readonly WireHit[] | null;
}

export interface WireService {
  readonly name: string;
  readonly namespace: string;
  readonly port_name: string;
  readonly port: number;
}

export interface WireFlow {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly action: string;
  readonly pending_action: string;
  readonly source_name: string;
  readonly source_namespace: string;
  readonly source_type: string;
  readonly source_labels: string;
  readonly dest_name: string;
  readonly dest_namespace: string;
  readonly dest_type: string;
  readonly dest_labels: string;
  /** What the client asked for; null if that was no service. */
  readonly dest_service: WireService | null;
  readonly protocol: string;
  readonly dest_port: number;
  readonly reporter: string;
  readonly policies: WirePolicies;
  readonly logs: readonly WireHit[];
  readonly packets_in: number;
  readonly packets_out: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly connections_started: number;
  readonly connections_completed: number;
  readonly connections_live: number;
}
