import { getJson, sendJson, queryOf } from '../../../api/http';
import type { Call, Verdict } from '../api';

export interface CedarProblem {
  /** With line and column, where the text has one. */
  readonly field: string;
  readonly value: string;
  readonly reason: string;
  readonly fix: string;
}

export interface AgentPolicy {
  readonly name: string;
  readonly tier: string;
  readonly cedar: string;
  readonly staged: boolean;
  /** Of a staged policy: in whose place it is tried; else empty. */
  readonly replaces: string;
  readonly resource_version: string;
  readonly problems: readonly CedarProblem[];
}

export interface AgentPolicies {
  readonly may_edit: boolean;
  readonly policy_set: string;
  /** In their order. */
  readonly tiers: readonly string[];
  readonly policies: readonly AgentPolicy[];
}

export interface Coverage {
  /** Calls that were looked at. */
  readonly considered: number;
  readonly by_no_policy: number;
  readonly since: string | null;
  readonly policies: readonly PolicyUse[];
  readonly agents_without_policy: readonly string[];
  readonly targets_without_policy: readonly string[];
}

export interface PolicyUse {
  readonly name: string;
  readonly permitted: number;
  readonly denied: number;
  readonly held: number;
  /** Calls that it would decide as a staged policy. */
  readonly pending: number;
  /** Agents and targets of which it may have a say. */
  readonly agents: number;
  readonly targets: number;
}

export interface PolicyCheck {
  readonly valid: boolean;
  readonly problems: readonly CedarProblem[];
  readonly considered: number;
  readonly changed: number;
  readonly uncertain: number;
  readonly changes: readonly { readonly call: Call; readonly after: Verdict }[];
}

/** A policy as it is to be. */
export interface PolicyText {
  readonly name: string;
  readonly tier: string;
  readonly cedar: string;
  readonly staged: boolean;
  readonly replaces: string;
  /** That is replaced; empty if there must be none yet. */
  readonly resource_version: string;
}

const ALL = '/api/v1/agents/policies';

export function fetchPolicies(signal: AbortSignal): Promise<AgentPolicies> {
  return getJson<AgentPolicies>(ALL, signal);
}

export function fetchCoverage(signal: AbortSignal): Promise<Coverage> {
  return getJson<Coverage>('/api/v1/agents/coverage', signal);
}

export function check(text: PolicyText, signal: AbortSignal): Promise<PolicyCheck> {
  return sendJson<PolicyCheck>('POST', `${ALL}/check`, text, signal);
}

export function checkDeletion(name: string, signal: AbortSignal): Promise<PolicyCheck> {
  return sendJson<PolicyCheck>('POST', `${ALL}/check`, { name, delete: true }, signal);
}

export function apply(text: PolicyText): Promise<AgentPolicy> {
  return sendJson<AgentPolicy>('POST', `${ALL}/apply`, text);
}

export function enforce(policy: AgentPolicy): Promise<AgentPolicy> {
  return sendJson<AgentPolicy>('POST', `${ALL}/${encodeURIComponent(policy.name)}/enforce`, { resource_version: policy.resource_version });
}

export function remove(policy: AgentPolicy): Promise<unknown> {
  return sendJson('DELETE', `${ALL}/${encodeURIComponent(policy.name)}${queryOf({ resourceVersion: policy.resource_version })}`, undefined);
}
