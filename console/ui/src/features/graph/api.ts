import { getJson, queryOf } from '../../api/http';
import { timesOf } from '../flows/api/list';
import type { Span } from '../flows/filters/range';
import type { Volume } from '../traffic/volume';

export type GraphLevel = 'namespace' | 'workload' | 'service';
export type NodeKind = 'namespace' | 'workload' | 'service' | 'host' | 'network_set' | 'outside' | 'agent' | 'tool' | 'model';

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** Empty for none. */
  readonly namespace: string;
  readonly name: string;
}

export interface GraphEdge {
  readonly source: string;
  readonly dest: string;
  readonly allowed: Volume;
  readonly denied: Volume;
  readonly pending_differs: Volume;
}

export interface Graph {
  readonly level: GraphLevel;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * @param filters in the server's form, empty for none
 * @param expand namespaces to show workload by workload, at the level of namespaces
 */
export function fetchGraph(span: Span, filters: string, level: GraphLevel, expand: readonly string[], signal: AbortSignal): Promise<Graph> {
  return getJson<Graph>(`/api/v1/flows/graph${queryOf({ ...timesOf(span), filters, level, expand: expand.join(',') })}`, signal);
}
