import { getJson, queryOf } from '../../../api/http';
import type { ServerFilter } from '../filters/server';
import type { Span } from '../filters/range';
import type { WireFlow } from '../model/wire';

/** A page of stored flows; `next` is where the next one begins, null at the end. */
export interface FlowPage {
  readonly items: readonly WireFlow[];
  readonly next: string | null;
}

const PAGE_SIZE = 2_000;

export async function fetchPage(span: Span, filter: ServerFilter, cursor: string | null, signal: AbortSignal): Promise<FlowPage> {
  return getJson<FlowPage>(`/api/v1/flows${queryOf({ ...timesOf(span), filters: filter.json, limit: PAGE_SIZE, cursor: cursor ?? undefined })}`, signal);
}

export async function fetchFlow(id: string, signal: AbortSignal): Promise<WireFlow> {
  return getJson<WireFlow>(`/api/v1/flows/${encodeURIComponent(id)}`, signal);
}

/** The server's times are whole seconds; the end is rounded up, so that nothing of the range is lost. */
export function timesOf({ from, to }: Span): { startTimeGte: number; startTimeLt: number } {
  return { startTimeGte: Math.floor(from / 1000), startTimeLt: Math.ceil(to / 1000) };
}
