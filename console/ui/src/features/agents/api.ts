import { getJson, queryOf } from '../../api/http';

export type Verdict = 'PERMIT' | 'DENY' | 'HOLD';

export interface Target {
  readonly kind: 'AGENT' | 'TOOL' | 'RESOURCE' | 'PROMPT' | 'MODEL' | 'TOOL_SERVER' | 'ADDRESS';
  readonly server: string;
  /** Empty when the server itself is meant. */
  readonly name: string;
}

/** What happened to a call after it was decided, or beside one. */
export interface CallEvent {
  readonly sequence: number;
  readonly time: string;
  readonly kind: 'OUTCOME' | 'HOLD' | 'APPROVAL' | 'TOKEN' | 'POLICY_CHANGE' | 'HALT' | 'PRUNE' | 'START';
  readonly status: string;
  readonly actor: string;
  readonly approval: string;
  readonly latency_micros: number | null;
}

/** A call as the audit log has it. */
export interface Call {
  readonly sequence: number;
  readonly time: string;
  readonly trace: string;
  readonly hop: string;
  /** The agent's name, or its SPIFFE id if the registry does not know it. */
  readonly agent: string;
  readonly workload: string;
  /** From the user's own agent to the caller. */
  readonly chain: readonly string[];
  readonly user: { readonly issuer: string; readonly subject: string };
  readonly token: string;
  readonly protocol: 'MCP' | 'A2A' | 'LLM';
  readonly action: string;
  readonly target: Target;
  readonly owner: string;
  /** A keyed hash of the arguments. */
  readonly payload: string;
  readonly verdict: Verdict;
  /** What it would be if the staged policies were enforced. */
  readonly pending: Verdict;
  /** The reader may not see which policies decided. */
  readonly policies_hidden: boolean;
  readonly tier: string;
  readonly reason: string;
  readonly policy_set: string;
  readonly policies: readonly string[];
  readonly pending_policies: readonly string[];
  readonly reads: readonly string[];
  readonly errors: readonly string[];
  readonly events: readonly CallEvent[];
}

/** A call with those that its target made in turn. */
export interface Hop extends Call {
  readonly calls: readonly Hop[];
}

export interface Trace {
  readonly trace: string;
  readonly calls: readonly Hop[];
  readonly others: readonly CallEvent[];
}

export interface CallPage {
  readonly calls: readonly Call[];
  /** Where the next page begins; null for the last one. */
  readonly before: number | null;
}

/** What the server can be asked for; empty for all. */
export interface CallQuery {
  readonly agent?: string;
  readonly user?: string;
  readonly target?: string;
  readonly policy?: string;
  readonly verdict?: string;
}

export function streamUrl(query: CallQuery): string {
  return `/api/v1/agents/calls/stream${queryOf({ ...query })}`;
}

export function fetchCalls(query: CallQuery, before: number, signal: AbortSignal): Promise<CallPage> {
  return getJson<CallPage>(`/api/v1/agents/calls${queryOf({ ...query, before })}`, signal);
}

export function fetchTrace(id: string, signal: AbortSignal): Promise<Trace> {
  return getJson<Trace>(`/api/v1/agents/traces/${encodeURIComponent(id)}`, signal);
}

export function targetText({ server, name }: Pick<Target, 'server' | 'name'>): string {
  return name === '' ? server : `${server}/${name}`;
}

export function agentHref(name: string): string {
  return `/agent?name=${encodeURIComponent(name)}`;
}

export function traceHref(call: { readonly trace: string; readonly sequence?: number }): string {
  return `/trace?id=${encodeURIComponent(call.trace)}${call.sequence === undefined ? '' : `&call=${call.sequence}`}`;
}

export function agentPolicyHref(name: string): string {
  return `/policy?name=${encodeURIComponent(name)}`;
}

export function callsHref(query: CallQuery): string {
  return `/${queryOf({ ...query })}`;
}
