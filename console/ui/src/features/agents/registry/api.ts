import { getJson, queryOf } from '../../../api/http';
import type { Call, Verdict } from '../api';

export interface Agent {
  readonly name: string;
  /** Its SPIFFE id. */
  readonly workload: string;
  readonly owner: string;
  readonly team: string;
  readonly purpose: string;
  readonly risk: 'LOW' | 'MEDIUM' | 'HIGH';
  readonly environment: string;
  readonly version: string;
  readonly a2a: string;
  readonly capabilities: readonly string[];
  /** The halt that stops it now; empty for none. */
  readonly halt: string;
  readonly halt_reason: string;
  readonly last_used: string | null;
  readonly last_verdict: Verdict | null;
  readonly problems: readonly string[];
}

export interface AgentList {
  readonly agents: readonly Agent[];
  readonly refused: readonly { readonly name: string; readonly problems: readonly string[] }[];
}

/** Something that an agent may call, for some arguments at least. */
export interface Right {
  readonly action: string;
  readonly kind: string;
  readonly server: string;
  readonly name: string;
  readonly alone: boolean;
  readonly on_behalf: boolean;
  /** Groups of which a user may be a member for the agent to call it on their behalf. */
  readonly groups: readonly string[];
}

export interface AgentDetails extends Agent {
  /** For whom `on_behalf` was asked; empty for nobody. */
  readonly rights_user: string;
  /** Groups of users that policies name. */
  readonly rights_groups: readonly string[];
  readonly rights: readonly Right[];
  readonly recent: readonly Call[];
}

export interface CallGraph {
  readonly truncated: boolean;
  readonly nodes: readonly { readonly id: string; readonly kind: 'agent' | 'tool' | 'model'; readonly name: string }[];
  readonly edges: readonly CallEdge[];
}

export interface CallEdge {
  readonly source: string;
  readonly dest: string;
  readonly permitted: number;
  readonly denied: number;
  readonly held: number;
  readonly pending_differs: number;
}

export function fetchAgents(signal: AbortSignal): Promise<AgentList> {
  return getJson<AgentList>('/api/v1/agents/registry', signal);
}

export function fetchAgent(name: string, signal: AbortSignal): Promise<AgentDetails> {
  return getJson<AgentDetails>(`/api/v1/agents/registry/${encodeURIComponent(name)}`, signal);
}

export function fetchCallGraph(minutes: number, level: string, signal: AbortSignal): Promise<CallGraph> {
  const since = new Date(Date.now() - minutes * 60_000).toISOString();
  return getJson<CallGraph>(`/api/v1/agents/graph${queryOf({ since, level })}`, signal);
}
