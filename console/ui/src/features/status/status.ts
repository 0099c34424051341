/** What runs behind the console, as `/api/v1/status` tells. */
export interface Status {
  readonly node: string;
  readonly version: string;
  readonly dataplane: string;
  /** Sizes that the node reports, by name. */
  readonly tables: Readonly<Record<string, number>>;
  /** What was not recorded, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

export async function fetchStatus(signal: AbortSignal): Promise<Status> {
  const response = await fetch('/api/v1/status', { signal });
  if (!response.ok) throw new Error(`status: ${response.status}`);
  return (await response.json()) as Status;
}

/** How many events were lost on the way to the flow records. */
export function droppedTotal(status: Status): number {
  return Object.values(status.dropped).reduce((sum, count) => sum + count, 0);
}
