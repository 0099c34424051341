import { callsOf } from '../../traffic/volume';
import type { Graph, GraphEdge, GraphNode } from '../api';
import { NODE_WIDTH, type Layout, type Place, type Placed } from './layout';

/** How the drawing is moved and enlarged: drawing × scale + offset = window. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const MARGIN = 28;
const MIN_SCALE = 0.2;
const MAX_SCALE = 2.5;
/** Text below this size is not read any more; a larger drawing is moved about instead. */
const READABLE_SCALE = 0.62;

/** All of it if that is still readable; else its top left, readable. */
export function fitted(layout: Layout, width: number, height: number): View {
  const whole = Math.min((width - 2 * MARGIN) / layout.width, (height - 2 * MARGIN) / layout.height, 1.25);
  const scale = Math.max(READABLE_SCALE, whole);
  const spare = (room: number, size: number) => Math.max(MARGIN, (room - size * scale) / 2);
  return { scale, x: spare(width, layout.width), y: spare(height, layout.height) };
}

/** Enlarged around a point of the window. */
export function zoomedAt(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, view.scale * factor));
  const real = scale / view.scale;
  return { scale, x: x - (x - view.x) * real, y: y - (y - view.y) * real };
}

/** Moved just so far that the node is in sight. */
export function showing(view: View, node: Placed, width: number, height: number): View {
  const left = node.x * view.scale + view.x;
  const top = node.y * view.scale + view.y;
  const nodeWidth = NODE_WIDTH * view.scale;
  const dx = left < MARGIN ? MARGIN - left : Math.min(0, width - MARGIN - nodeWidth - left);
  const dy = top < MARGIN ? MARGIN - top : Math.min(0, height - MARGIN - top);
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy };
}

/** The nearest node in the direction of an arrow key; what lies aside counts double. */
export function nodeTowards(layout: Layout, from: string, key: string): string | null {
  const start = layout.nodes.get(from);
  if (!start) return null;
  const horizontal = key === 'ArrowLeft' || key === 'ArrowRight';
  const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
  let best: string | null = null;
  let shortest = Infinity;
  for (const [id, { x, y }] of layout.nodes) {
    const ahead = sign * (horizontal ? x - start.x : y - start.y);
    const aside = Math.abs(horizontal ? y - start.y : x - start.x);
    if (ahead <= 1) continue;
    const distance = ahead + 2 * aside;
    if (distance < shortest) [best, shortest] = [id, distance];
  }
  return best;
}

/**
 * A line from one node's right edge to the other's left, or around where the other stands further left.
 *
 * @param way what a line to the right passes through
 */
export function pathOf(from: Placed, to: Placed, way: readonly Place[] = []): string {
  const startX = from.x + NODE_WIDTH;
  if (from === to) {
    const top = from.y - 13;
    return `M${startX - 46} ${top}C${startX - 40} ${top - 30} ${startX - 8} ${top - 30} ${startX - 14} ${top}`;
  }
  if (to.x >= startX) {
    const stops: readonly Place[] = [from, ...way, to];
    const curves = stops.slice(1).map((next, index) => curve(stops[index]!, next));
    return `M${startX} ${from.y}${curves.join('')}`;
  }
  if (from.x >= to.x + NODE_WIDTH) {
    const end = to.x + NODE_WIDTH;
    const back = Math.max(36, (from.x - end) / 2);
    return `M${from.x} ${from.y + 5}C${from.x - back} ${from.y + 26} ${end + back} ${to.y + 26} ${end} ${to.y + 5}`;
  }
  // In the same column: around on the right.
  return `M${startX} ${from.y}C${startX + 44} ${from.y} ${startX + 44} ${to.y} ${startX} ${to.y}`;
}

/** From the right of one place to the left of the next. */
function curve(last: Place, next: Place): string {
  const start = last.x + NODE_WIDTH;
  const bend = Math.max(36, Math.abs(next.x - start) / 2);
  return `L${start} ${last.y}C${start + bend} ${last.y} ${next.x - bend} ${next.y} ${next.x} ${next.y}`;
}

const WIDEST = 6;
/** With more lines than this they are drawn thin, or nothing but lines would be seen. */
const MANY_EDGES = 120;

/** What to multiply all line widths by. */
export function thinness(graph: Graph): number {
  return graph.edges.length > MANY_EDGES ? 0.5 : 1;
}

/** Line widths grow with the logarithm: a thousand times the traffic is not a thousand times the line. */
export function widthOf(edge: GraphEdge): number {
  return Math.min(WIDEST, 1 + Math.log10(1 + callsOf(edge.allowed) + callsOf(edge.denied)));
}

export type EdgeTone = 'allow' | 'deny' | 'mixed';

export function toneOf({ allowed, denied }: GraphEdge): EdgeTone {
  if (callsOf(denied) === 0) return 'allow';
  return callsOf(allowed) === 0 ? 'deny' : 'mixed';
}

/** The node and whoever it talks to. */
export function neighboursOf(graph: Graph, id: string): ReadonlySet<string> {
  const near = new Set([id]);
  for (const edge of graph.edges) {
    if (edge.source === id) near.add(edge.dest);
    if (edge.dest === id) near.add(edge.source);
  }
  return near;
}

export function labelOf(node: GraphNode): string {
  if (node.kind === 'outside') return node.name.toLowerCase();
  return node.kind === 'namespace' || node.namespace === '' ? node.name : `${node.namespace}/${node.name}`;
}
