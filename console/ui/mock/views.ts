import type { WireFlow } from '../src/features/flows/model/wire.ts';
import { instant } from './history.ts';

/** Answers that are computed from flow records: pages, the strip, the graph, and who talks to whom. */

export function pageOf(flows: readonly WireFlow[], query: URLSearchParams): object {
  const limit = Number(query.get('limit') ?? 1_000);
  const offset = Number(query.get('cursor') ?? 0);
  const newest = [...flows].reverse();
  const next = offset + limit < newest.length ? String(offset + limit) : null;
  return { total: null, items: newest.slice(offset, offset + limit), next };
}

export function densityOf(flows: readonly WireFlow[], query: URLSearchParams, now: number): object {
  const from = instant(query.get('startTimeGte'), now - 3_600_000, now);
  const to = instant(query.get('startTimeLt'), now, now);
  const count = Number(query.get('steps') ?? 120);
  const length = (to - from) / count;
  const steps = Array.from({ length: count }, (_, index) => ({
    start_time: new Date(from + index * length).toISOString(),
    allowed: nothing(),
    denied: nothing(),
    pending_differs: nothing(),
  }));
  for (const flow of flows) {
    const step = steps[Math.floor((Date.parse(flow.start_time) - from) / length)];
    if (!step) continue;
    add(flow.action === 'Deny' ? step.denied : step.allowed, flow);
    if (flow.action !== flow.pending_action) add(step.pending_differs, flow);
  }
  return { start_time: new Date(from).toISOString(), end_time: new Date(to).toISOString(), step_seconds: length / 1000, steps };
}

interface Volume {
  connections: number;
  packets: number;
  bytes: number;
}

interface Edge {
  readonly source: string;
  readonly dest: string;
  readonly allowed: Volume;
  readonly denied: Volume;
  readonly pending_differs: Volume;
}

interface Node {
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function graphOf(flows: readonly WireFlow[], query: URLSearchParams): object {
  const level = query.get('level') ?? 'namespace';
  const expanded = (query.get('expand') ?? '').split(',');
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const nodeOf = (type: string, namespace: string, name: string): string => {
    const node = makeNode(type, namespace === '-' ? '' : namespace, name, level, expanded);
    nodes.set(node.id, node);
    return node.id;
  };
  const link = (source: string, dest: string, flow: WireFlow) => {
    const key = `${source} ${dest}`;
    const edge = edges.get(key) ?? { source, dest, allowed: nothing(), denied: nothing(), pending_differs: nothing() };
    edges.set(key, edge);
    add(flow.action === 'Deny' ? edge.denied : edge.allowed, flow);
    if (flow.action !== flow.pending_action) add(edge.pending_differs, flow);
  };
  for (const flow of flows) {
    const source = nodeOf(flow.source_type, flow.source_namespace, flow.source_name);
    const dest = nodeOf(flow.dest_type, flow.dest_namespace, flow.dest_name);
    if (level === 'service' && flow.dest_service) {
      const { namespace, name } = flow.dest_service;
      const service: Node = { id: `service:${namespace}/${name}`, kind: 'service', namespace, name };
      nodes.set(service.id, service);
      link(source, service.id, flow);
      link(service.id, dest, flow);
    } else link(source, dest, flow);
  }
  return { level, nodes: [...nodes.values()], edges: [...edges.values()] };
}

function makeNode(type: string, namespace: string, name: string, level: string, expanded: readonly string[]): Node {
  if (type === 'Network') return { id: `outside:${name}`, kind: 'outside', namespace: '', name };
  if (type === 'HostEndpoint') return { id: `host:${name}`, kind: 'host', namespace: '', name };
  if (level === 'namespace' && !expanded.includes(namespace)) return { id: `namespace:${namespace}`, kind: 'namespace', namespace: '', name: namespace };
  return { id: `workload:${namespace}/${name}`, kind: 'workload', namespace, name };
}

/** Traffic of those flows for which `mine` says which side is the one asked about. */
export function trafficOf(flows: readonly WireFlow[], mine: (namespace: string, name: string) => boolean): object {
  const inbound = new Map<string, object>();
  const outbound = new Map<string, object>();
  const denied: WireFlow[] = [];
  for (const flow of flows) {
    const from = mine(flow.source_namespace, flow.source_name);
    const to = mine(flow.dest_namespace, flow.dest_name);
    if (!from && !to) continue;
    if (flow.action === 'Deny') denied.push(flow);
    if (to && !from) count(inbound, flow, flow.source_type, flow.source_namespace, flow.source_name);
    if (from && !to) count(outbound, flow, flow.dest_type, flow.dest_namespace, flow.dest_name);
  }
  return { inbound: [...inbound.values()], outbound: [...outbound.values()], denied: denied.reverse().slice(0, 50) };
}

function count(peers: Map<string, object>, flow: WireFlow, type: string, namespace: string, name: string): void {
  const key = `${namespace}/${name} ${flow.protocol} ${flow.dest_port}`;
  const peer = (peers.get(key) ?? {
    name,
    namespace,
    type,
    protocol: flow.protocol,
    port: flow.dest_port,
    allowed: nothing(),
    denied: nothing(),
    pending_differs: nothing(),
  }) as { allowed: Volume; denied: Volume; pending_differs: Volume };
  add(flow.action === 'Deny' ? peer.denied : peer.allowed, flow);
  if (flow.action !== flow.pending_action) add(peer.pending_differs, flow);
  peers.set(key, { ...peer, last_seen: flow.end_time, flow_id: flow.id });
}

function nothing(): Volume {
  return { connections: 0, packets: 0, bytes: 0 };
}

function add(volume: Volume, flow: WireFlow): void {
  volume.connections += flow.connections_started;
  volume.packets += flow.packets_in + flow.packets_out;
  volume.bytes += flow.bytes_in + flow.bytes_out;
}
