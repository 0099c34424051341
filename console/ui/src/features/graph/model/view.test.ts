import { describe, expect, it } from 'vitest';
import type { Graph, GraphEdge, GraphNode } from '../api';
import { layoutOf, NODE_WIDTH } from './layout';
import { fitted, labelOf, neighboursOf, nodeTowards, pathOf, showing, toneOf, widthOf, zoomedAt } from './view';

const volume = (connections: number) => ({ connections, packets: connections, bytes: connections * 100 });

function edge(source: string, dest: string, allowed: number, denied = 0): GraphEdge {
  return { source, dest, allowed: volume(allowed), denied: volume(denied), pending_differs: volume(0) };
}

function graph(...edges: GraphEdge[]): Graph {
  const ids = [...new Set(edges.flatMap(({ source, dest }) => [source, dest]))];
  return { level: 'workload', nodes: ids.map((id): GraphNode => ({ id, kind: 'workload', namespace: 'shop', name: id })), edges };
}

const chain = graph(edge('web', 'cart', 5), edge('cart', 'db', 5));

describe('the view of a graph', () => {
  it('shows all of a small one, in the middle', () => {
    const layout = layoutOf(chain);
    const view = fitted(layout, 1_200, 700);
    expect(view.scale).toBeGreaterThan(1);
    expect(view.x * 2 + layout.width * view.scale).toBeCloseTo(1_200);
  });

  it('keeps a large one readable, from its beginning', () => {
    const view = fitted({ nodes: new Map(), ways: new Map(), width: 9_000, height: 4_000 }, 1_200, 700);
    expect(view.scale).toBeGreaterThan(0.6);
    expect([view.x, view.y]).toEqual([28, 28]);
  });

  it('enlarges around the pointer', () => {
    const before = { scale: 1, x: 10, y: 20 };
    const after = zoomedAt(before, 2, 300, 200);
    expect((300 - after.x) / after.scale).toBeCloseTo(300 - before.x);
    expect((200 - after.y) / after.scale).toBeCloseTo(200 - before.y);
    expect(zoomedAt(after, 100, 0, 0).scale).toBeLessThanOrEqual(2.5);
  });

  it('moves just far enough to show a node', () => {
    const node = { node: chain.nodes[0]!, x: 5_000, y: 50 };
    const view = showing({ scale: 1, x: 0, y: 0 }, node, 1_000, 600);
    expect(view.x + node.x).toBeLessThan(1_000);
    expect(showing(view, node, 1_000, 600)).toBe(view);
  });

  it('leads arrow keys to the nearest node ahead', () => {
    const layout = layoutOf(chain);
    expect(nodeTowards(layout, 'web', 'ArrowRight')).toBe('cart');
    expect(nodeTowards(layout, 'db', 'ArrowLeft')).toBe('cart');
    expect(nodeTowards(layout, 'web', 'ArrowLeft')).toBeNull();
  });
});

describe('edges', () => {
  it('tell their verdict by tone, also when only packets of older connections were seen', () => {
    expect(toneOf(edge('a', 'b', 1))).toBe('allow');
    expect(toneOf(edge('a', 'b', 0, 1))).toBe('deny');
    expect(toneOf(edge('a', 'b', 1, 1))).toBe('mixed');
    expect(toneOf({ ...edge('a', 'b', 0, 3), allowed: { connections: 0, packets: 7, bytes: 70 } })).toBe('mixed');
  });

  it('grow with the volume, but not without bounds', () => {
    expect(widthOf(edge('a', 'b', 1_000))).toBeGreaterThan(widthOf(edge('a', 'b', 1)));
    expect(widthOf(edge('a', 'b', 1e12))).toBe(6);
  });

  it('are drawn whichever way they go', () => {
    const at = (x: number, y: number) => ({ node: chain.nodes[0]!, x, y });
    const here = at(0, 0);
    for (const there of [here, at(400, 0), at(-400, 50), at(0, 80)]) expect(pathOf(here, there)).toMatch(/^M[-\d. ]+(L[-\d. ]+)?C[-\d. ]+$/);
    expect(pathOf(here, at(600, 0), [{ x: 300, y: 80 }])).toMatch(new RegExp(`C[-\\d. ]+ 300 80L${300 + NODE_WIDTH} 80C[-\\d. ]+ 600 0$`));
  });
});

describe('nodes', () => {
  it('know whom they talk to', () => {
    expect([...neighboursOf(chain, 'web')]).toEqual(['web', 'cart']);
  });

  it('are named as people do', () => {
    expect(labelOf({ id: '', kind: 'outside', namespace: '', name: 'PUBLIC NETWORK' })).toBe('public network');
    expect(labelOf(chain.nodes[0]!)).toBe('shop/web');
  });
});
