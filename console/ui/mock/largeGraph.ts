const NAMESPACES = ['shop', 'payments', 'search', 'media', 'data', 'identity', 'ops', 'edge'];

/** A cluster of many workloads: each calls a few others, most of them in its own namespace. */
export function largeGraph(count: number): object {
  const node = (index: number) => {
    const namespace = NAMESPACES[index % NAMESPACES.length]!;
    const name = `service-${Math.floor(index / NAMESPACES.length)}-*`;
    return { id: `workload:${namespace}/${name}`, kind: 'workload', namespace, name };
  };
  const nodes = Array.from({ length: count }, (_, index) => node(index));
  const edges: object[] = [];
  const link = (from: number, to: number) => {
    if (to >= count || from === to) return;
    const flows = 1 + ((from * 37 + to * 11) % 400);
    const denied = (from * 7 + to) % 23 === 0 ? flows : 0;
    edges.push({
      source: nodes[from]!.id,
      dest: nodes[to]!.id,
      allowed: volume(denied > 0 && from % 2 === 0 ? 0 : flows * 9),
      denied: volume(denied),
      pending_differs: volume(0),
    });
  };
  for (let index = 0; index < count; index++) {
    link(index, index + NAMESPACES.length);
    link(index, index + NAMESPACES.length * (2 + (index % 5)));
    if (index % 3 === 0) link(index, index + 1 + (index % 29));
  }
  return { level: 'workload', nodes, edges };
}

function volume(flows: number): object {
  return { connections: flows, packets: flows * 12, bytes: flows * 9_000 };
}
