import { getJson, sendJson } from '../../../api/http';

export interface Halt {
  readonly name: string;
  /** Empty where a selector says whom. */
  readonly agent: string;
  readonly selector: string;
  readonly reason: string;
  /** Null until it is lifted. */
  readonly until: string | null;
  readonly since: string | null;
  readonly holds: boolean;
  /** Whom it stops. */
  readonly agents: readonly string[];
}

export interface Halts {
  readonly may_halt: boolean;
  readonly may_lift: boolean;
  readonly halts: readonly Halt[];
}

export function fetchHalts(signal: AbortSignal): Promise<Halts> {
  return getJson<Halts>('/api/v1/agents/halts', signal);
}

/** @param minutes 0 until it is lifted */
export function halt(whom: { readonly agent: string } | { readonly selector: string }, reason: string, minutes: number): Promise<Halt> {
  return sendJson<Halt>('POST', '/api/v1/agents/halts', { ...whom, reason, minutes });
}

export function lift(name: string, reason: string): Promise<unknown> {
  return sendJson('POST', `/api/v1/agents/halts/${encodeURIComponent(name)}/lift`, { reason });
}
