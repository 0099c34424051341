import { getJson } from '../../api/http';

/** What runs behind the console, as `/api/v1/status` tells. */
export interface Status {
  readonly node: string;
  readonly version: string;
  readonly dataplane: string;
  /** Sizes that the node reports, by name. */
  readonly tables: Readonly<Record<string, number>>;
  /** What was not recorded, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly started_at: string;
  /** Sizes of the flow service, by name. */
  readonly flows: Readonly<Record<string, number>>;
  /** What is kept on disk; null where nothing is. */
  readonly history?: { readonly oldest: string | null; readonly bytes: number } | null;
}

export async function fetchStatus(signal: AbortSignal): Promise<Status> {
  return getJson<Status>('/api/v1/status', signal);
}

/** How many events were lost on the way to the flow records. */
export function droppedTotal(status: Status): number {
  return Object.values(status.dropped).reduce((sum, count) => sum + count, 0);
}
