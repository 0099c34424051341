import { queryOf } from '../../api/http';
import type { Endpoint, Flow } from '../flows/model/flow';
import type { Question } from './api';

export const PROTOCOLS = ['tcp', 'udp', 'sctp', 'icmp', 'icmpv6'] as const;

/** The question in the address of the page. */
export const WHY_CODEC = {
  parse(query: string): Question {
    const params = new URLSearchParams(query);
    const protocol = params.get('protocol') ?? '';
    const at = Date.parse(params.get('at') ?? '');
    return {
      from: params.get('from') ?? '',
      to: params.get('to') ?? '',
      protocol: PROTOCOLS.find((known) => known === protocol) ?? 'tcp',
      port: /^\d{1,5}$/.test(params.get('port') ?? '') ? params.get('port')! : '',
      at: Number.isNaN(at) ? null : at,
    };
  },
  format({ from, to, protocol, port, at }: Question): string {
    return queryOf({ from, to, port, protocol: protocol === 'tcp' ? '' : protocol, at: at === null ? undefined : instant(at) });
  },
  isStep: (from: Question, to: Question) => WHY_CODEC.format(from) !== WHY_CODEC.format(to),
};

export function isAsked({ from, to }: Question): boolean {
  return from !== '' && to !== '';
}

export function hasPorts(protocol: string): boolean {
  return !protocol.startsWith('icmp');
}

/**
 * The page that asks again for the ends of a flow.
 *
 * @param at epoch milliseconds; null for the policies of now
 */
export function whyHref(flow: Flow, at: number | null): string {
  const protocol = flow.protocol === 'icmp6' ? 'icmpv6' : flow.protocol;
  const port = flow.port > 0 ? String(flow.port) : '';
  return `/why${WHY_CODEC.format({ from: nameOf(flow.source, at), to: nameOf(flow.dest, at), protocol, port, at })}`;
}

/** Records name the pods of one owner with a star; whoever judges anew takes the owner's name. */
function nameOf({ namespace, name }: Endpoint, at: number | null): string {
  if (namespace === '') return name.endsWith(' network') ? name.toUpperCase() : name;
  return `${namespace}/${at === null ? name.replace(/-\*$/, '') : name}`;
}

/** As an input of the type datetime-local has it, in the reader's time zone; empty for now. */
export function localTime(at: number | null): string {
  if (at === null) return '';
  const zone = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - zone).toISOString().slice(0, 19);
}

/** The other way round; null for what is no time. */
export function fromLocalTime(text: string): number | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}

function instant(millis: number): string {
  return new Date(Math.floor(millis / 1000) * 1000).toISOString().replace('.000', '');
}
