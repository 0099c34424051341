import { queryOf } from '../../../api/http';
import type { CallQuery } from '../api';

/** What the page of calls shows, as the address has it. */
export interface CallsState {
  readonly agent: string;
  readonly user: string;
  readonly target: string;
  readonly policy: string;
  /** Empty for any. */
  readonly verdict: string;
  readonly text: string;
  /** The sequence of the open call; null for none. */
  readonly open: number | null;
}

export const NO_FILTERS = { agent: '', user: '', target: '', policy: '', verdict: '', text: '' } as const;
export const FIELDS = ['agent', 'user', 'target', 'policy'] as const;

export const CALLS_CODEC = {
  parse(query: string): CallsState {
    const params = new URLSearchParams(query);
    const get = (name: string) => params.get(name) ?? '';
    const open = Number(params.get('call') ?? Number.NaN);
    return {
      agent: get('agent'),
      user: get('user'),
      target: get('target'),
      policy: get('policy'),
      verdict: ['permit', 'deny', 'hold'].includes(get('verdict')) ? get('verdict') : '',
      text: get('q'),
      open: Number.isSafeInteger(open) && open >= 0 ? open : null,
    };
  },
  format({ agent, user, target, policy, verdict, text, open }: CallsState): string {
    return queryOf({ agent, user, target, policy, verdict, q: text, call: open ?? undefined });
  },
  isStep(from: CallsState, to: CallsState): boolean {
    return from.open === null && to.open !== null;
  },
};

export function isFiltering(state: CallsState): boolean {
  return state.text !== '' || state.verdict !== '' || FIELDS.some((field) => state[field] !== '');
}

/** The part of the state that the server is asked for. */
export function serverQuery({ agent, user, target, policy, verdict }: CallsState): CallQuery {
  return { agent, user, target, policy, verdict };
}
