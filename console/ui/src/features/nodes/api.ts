import { getJson } from '../../api/http';

/** How fast a node brings changes into the kernel. */
export interface Programming {
  readonly changes: number;
  readonly failures: number;
  readonly p50_millis: number;
  readonly p99_millis: number;
  readonly last_millis: number;
  /** How many changes took how long, by ascending limits; empty if the node does not tell. */
  readonly times: readonly TimeBucket[];
}

export interface TimeBucket {
  /** Null: longer than the limit before. */
  readonly up_to_millis: number | null;
  readonly changes: number;
}

export type NodeState = 'ok' | 'degraded' | 'silent' | 'unknown';

export interface ClusterNode {
  readonly name: string;
  readonly state: NodeState;
  readonly version: string | null;
  readonly dataplane: string | null;
  readonly last_seen: string | null;
  readonly programming: Programming | null;
  readonly tables: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
  readonly endpoints: number;
}

export async function fetchNodes(signal: AbortSignal): Promise<readonly ClusterNode[]> {
  return (await getJson<{ readonly items: readonly ClusterNode[] }>('/api/v1/nodes', signal)).items;
}
