import { getJson, queryOf } from '../../api/http';
import { EFFECT_SINCE, type Fix } from '../fix/api';
import type { WireFlow, WirePolicies } from '../flows/model/wire';
import type { PolicyName } from '../policies/api';

/** Who asks to talk to whom, and when. */
export interface Question {
  /** `namespace/pod` or the name of its owner, an address, `host:NAME`, or what records call an end. */
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  /** Empty where the protocol has none, and for any in the past. */
  readonly port: string;
  /** Epoch milliseconds; null for now. */
  readonly at: number | null;
}

export interface WireStep {
  readonly endpoint: string;
  readonly direction: 'ingress' | 'egress';
  readonly forwarding: boolean;
  readonly tiers: readonly { readonly name: string; readonly default_action: string; readonly policies: readonly PolicyName[] }[];
  /** Null: denied before it got here. */
  readonly action: string | null;
  readonly pending_action: string | null;
  readonly policies: WirePolicies;
}

/** The chain as policies are now. */
export interface Why {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly action: string;
  readonly pending_action: string;
  readonly steps: readonly WireStep[];
  readonly notes: readonly string[];
}

/** What is on record about a time. */
export interface PastWhy {
  readonly at: string;
  /** Null if there is nothing; `missing` then says why there may be nothing. */
  readonly within_seconds: number | null;
  readonly items: readonly WireFlow[];
  readonly missing: string | null;
}

export function fetchWhy(question: Question, signal: AbortSignal): Promise<Why> {
  return getJson<Why>(`/api/v1/why${parametersOf(question)}`, signal);
}

export function fetchPastWhy(question: Question, at: number, signal: AbortSignal): Promise<PastWhy> {
  return getJson<PastWhy>(`/api/v1/why${parametersOf(question, at)}`, signal);
}

/** What would turn the verdict of now. */
export function fetchFixOf(question: Question, signal: AbortSignal): Promise<Fix> {
  const { from, to, protocol, port } = question;
  return getJson<Fix>(`/api/v1/fix${queryOf({ from, to, protocol, port, ...EFFECT_SINCE })}`, signal);
}

function parametersOf({ from, to, protocol, port }: Question, at?: number): string {
  return queryOf({ from, to, protocol, port, at: at === undefined ? undefined : Math.floor(at / 1000) });
}
