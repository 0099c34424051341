import { describe, expect, it } from 'vitest';
import type { Graph } from '../../graph/api';
import { compareGraphs } from './compare';

/** @param edges source, destination, allowed and denied connections */
function graph(...edges: readonly (readonly [string, string, number, number])[]): Graph {
  const ids = [...new Set(edges.flatMap(([source, dest]) => [source, dest]))];
  const volume = (count: number) => ({ connections: count, packets: count, bytes: count * 100 });
  return {
    level: 'workload',
    nodes: ids.map((id) => ({ id, kind: 'workload', namespace: 'shop', name: id })),
    edges: edges.map(([source, dest, allowed, denied]) => ({ source, dest, allowed: volume(allowed), denied: volume(denied), pending_differs: volume(0) })),
  };
}

function kinds(before: Graph, after: Graph, lengths = { before: 60, after: 60 }): Record<string, string> {
  return Object.fromEntries(compareGraphs(before, after, lengths).map(({ source, dest, kind }) => [`${source.name} ${dest.name}`, kind]));
}

describe('compareGraphs', () => {
  it('says what became of each connection', () => {
    const before = graph(['a', 'same', 10, 0], ['a', 'gone', 3, 0], ['a', 'denied', 5, 0], ['a', 'mended', 2, 9], ['a', 'more', 10, 0], ['a', 'less', 10, 0]);
    const after = graph(['a', 'same', 11, 0], ['a', 'new', 1, 0], ['a', 'denied', 0, 5], ['a', 'mended', 9, 0], ['a', 'more', 20, 0], ['a', 'less', 5, 0]);
    expect(kinds(before, after)).toEqual({
      'a denied': 'newly denied',
      'a new': 'new',
      'a mended': 'no longer denied',
      'a gone': 'gone',
      'a more': 'more',
      'a less': 'less',
      'a same': 'same',
    });
  });

  it('puts what needs attention first', () => {
    const order = compareGraphs(graph(['a', 'b', 1, 0]), graph(['a', 'b', 1, 0], ['c', 'd', 0, 1], ['a', 'd', 7, 0]), { before: 1, after: 1 });
    expect(order.map(({ kind }) => kind)).toEqual(['newly denied', 'new', 'same']);
  });

  it('takes the lengths of the two times into account', () => {
    const before = graph(['a', 'b', 10, 0]);
    const after = graph(['a', 'b', 40, 0]);
    expect(kinds(before, after)).toEqual({ 'a b': 'more' });
    expect(kinds(before, after, { before: 60, after: 240 })).toEqual({ 'a b': 'same' });
  });
});
