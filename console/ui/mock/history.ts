import type { WireFlow, WireHit } from '../src/features/flows/model/wire.ts';
import { Scenario } from './scenario.ts';

const HISTORY_MILLIS = 26 * 3_600_000;
const RECORDS = 9_000;

/** What the mock cluster remembers: a day of records, oldest first. */
export class History {
  readonly flows: WireFlow[] = [];

  constructor(now: number, scenario: Scenario) {
    for (let i = 0; i < RECORDS; i++) {
      const share = i / RECORDS;
      // The last hours are the busiest, so that each range has something to show.
      const back = HISTORY_MILLIS * (1 - share) ** 3;
      this.flows.push(...scenario.connection(now - back));
    }
  }

  add(flows: readonly WireFlow[]): void {
    this.flows.push(...flows);
  }

  /** @param query with the server's parameters: times in seconds, filters as JSON */
  select(query: URLSearchParams, now: number): WireFlow[] {
    const from = instant(query.get('startTimeGte'), 0, now);
    const to = instant(query.get('startTimeLt'), now, now);
    const matches = matcher(JSON.parse(query.get('filters') || '{}') as Filter);
    return this.flows.filter((flow) => {
      const start = Date.parse(flow.start_time);
      return start >= from && start < to && matches(flow);
    });
  }
}

export function instant(text: string | null, absent: number, now: number): number {
  const seconds = Number(text ?? 0);
  return seconds === 0 ? absent : seconds < 0 ? now + seconds * 1000 : seconds * 1000;
}

interface Match {
  readonly value: string | number;
}

type Filter = Readonly<Record<string, unknown>>;

function matcher(filter: Filter): (flow: WireFlow) => boolean {
  const values = (field: string) => (filter[field] as readonly Match[] | undefined)?.map(({ value }) => (value === 'Global' ? '-' : value));
  const has = (field: string, actual: string | number) => values(field)?.includes(actual) ?? true;
  const actions = filter.actions as readonly string[] | undefined;
  const pending = filter.pending_actions as readonly string[] | undefined;
  const policies = filter.policies as readonly Partial<WireHit>[] | undefined;
  return (flow) =>
    has('source_namespaces', flow.source_namespace) &&
    has('source_names', flow.source_name) &&
    has('dest_namespaces', flow.dest_namespace) &&
    has('dest_names', flow.dest_name) &&
    (has('namespaces', flow.source_namespace) || has('namespaces', flow.dest_namespace)) &&
    has('protocols', flow.protocol) &&
    has('dest_ports', flow.dest_port) &&
    (actions?.includes(flow.action) ?? true) &&
    (pending === undefined || (flow.policies.pending ?? []).some((hit) => pending.includes(hit.action))) &&
    (filter.reporter === undefined || filter.reporter === flow.reporter) &&
    (filter.pending_differs !== true || flow.action !== flow.pending_action) &&
    (policies === undefined || hitsOf(flow).some((hit) => policies.some((wanted) => namesHit(wanted, hit))));
}

export function hitsOf(flow: WireFlow): WireHit[] {
  return [...(flow.policies.enforced ?? []), ...(flow.policies.pending ?? [])].map((hit) => hit.trigger ?? hit);
}

function namesHit(wanted: Partial<WireHit>, hit: WireHit): boolean {
  return Object.entries(wanted).every(([field, value]) => (hit[field as keyof WireHit] || '-') === (value || '-'));
}
