import { describe, expect, it } from 'vitest';
import type { Graph, GraphEdge, GraphNode } from '../api';
import { layoutOf, NODE_HEIGHT, NODE_WIDTH } from './layout';

const NOTHING = { connections: 0, packets: 0, bytes: 0 };

function graphOf(pairs: readonly (readonly [string, string])[]): Graph {
  const ids = [...new Set(pairs.flat())];
  const nodes = ids.map((id): GraphNode => ({ id, kind: 'workload', namespace: 'shop', name: id }));
  const edges = pairs.map(([source, dest]): GraphEdge => ({ source, dest, allowed: NOTHING, denied: NOTHING, pending_differs: NOTHING }));
  return { level: 'workload', nodes, edges };
}

/** A made-up cluster: each of the services calls some with a higher number, and a few call back. */
function largeGraph(count: number): Graph {
  const pairs: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    for (const step of [1 + (i % 7), 3 + (i % 31)]) if (i + step < count) pairs.push([`n${i}`, `n${i + step}`]);
    if (i % 20 === 19) pairs.push([`n${i}`, `n${i - 10}`]);
  }
  return graphOf(pairs);
}

describe('layoutOf', () => {
  it('puts callers to the left of whom they call', () => {
    const { nodes } = layoutOf(graphOf([['web', 'cart'], ['cart', 'db'], ['web', 'db']]));
    expect(nodes.get('web')!.x).toBeLessThan(nodes.get('cart')!.x);
    expect(nodes.get('cart')!.x).toBeLessThan(nodes.get('db')!.x);
  });

  it('leads a line around the nodes that stand between its ends', () => {
    const { nodes, ways } = layoutOf(graphOf([['web', 'cart'], ['cart', 'db'], ['web', 'db']]));
    expect([...ways.keys()]).toEqual(['web db']);
    const [passed, ...more] = ways.get('web db')!;
    expect(more).toEqual([]);
    expect(passed!.x).toBe(nodes.get('cart')!.x);
    expect(Math.abs(passed!.y - nodes.get('cart')!.y)).toBeGreaterThanOrEqual(NODE_HEIGHT);
  });

  it('copes with circles and with calls to oneself', () => {
    const { nodes } = layoutOf(graphOf([['a', 'b'], ['b', 'c'], ['c', 'a'], ['a', 'a']]));
    expect(nodes.size).toBe(3);
    expect(new Set([...nodes.values()].map(({ x }) => x)).size).toBe(3);
  });

  it('draws the same picture whatever the order of the list', () => {
    const graph = largeGraph(60);
    const turned = { ...graph, nodes: [...graph.nodes].reverse(), edges: [...graph.edges].reverse() };
    const places = (input: Graph) => [...layoutOf(input).nodes].map(([id, { x, y }]) => `${id} ${x} ${y}`).sort();
    expect(places(turned)).toEqual(places(graph));
  });

  it('keeps two hundred nodes apart and in a shape that fits a window', () => {
    const { nodes, width, height } = layoutOf(largeGraph(200));
    const boxes = [...nodes.values()];
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const apart = Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT;
        if (!apart) throw new Error(`${a.node.id} lies on ${b.node.id}`);
      }
    }
    for (const { x, y } of boxes) {
      expect(x + NODE_WIDTH).toBeLessThanOrEqual(width);
      expect(y + NODE_HEIGHT / 2).toBeLessThanOrEqual(height);
      expect(y - NODE_HEIGHT / 2).toBeGreaterThanOrEqual(0);
    }
  });
});
