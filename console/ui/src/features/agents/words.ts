import type { Tone } from '../../design/Badge';
import type { Call, CallEvent, Verdict } from './api';

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = { PERMIT: 'allow', DENY: 'deny', HOLD: 'warn' };
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = { PERMIT: 'permitted', DENY: 'denied', HOLD: 'held' };

/** How a call ended, in a word or two; empty while it goes on. */
export function outcomeOf(call: Call): string {
  const end = call.events.findLast((event) => event.kind === 'OUTCOME');
  if (end) return end.status;
  const said = call.events.findLast((event) => event.kind === 'APPROVAL');
  if (said) return said.status;
  return call.verdict === 'DENY' ? 'not made' : call.verdict === 'HOLD' ? 'waits' : '';
}

/** What happened to a call, as a sentence. */
export function eventText(event: CallEvent): string {
  const by = event.actor === '' ? '' : ` by ${event.actor}`;
  switch (event.kind) {
    case 'OUTCOME':
      return `${event.status}${event.latency_micros === null ? '' : ` after ${millis(event.latency_micros)}`}`;
    case 'HOLD':
      return 'put before the approvers';
    case 'APPROVAL':
      return `${event.status}${by}`;
    default:
      return `${event.kind.toLowerCase().replace('_', ' ')} ${event.status}${by}`.trim();
  }
}

export function millis(micros: number): string {
  return micros < 10_000 ? `${(micros / 1000).toFixed(1)} ms` : `${Math.round(micros / 1000)} ms`;
}

/** All that a search looks at. */
export function haystack(call: Call): string {
  return [call.agent, call.user.subject, call.action, call.target.server, call.target.name, call.protocol, call.reason, ...call.policies, ...call.chain, call.trace]
    .join(' ')
    .toLowerCase();
}
