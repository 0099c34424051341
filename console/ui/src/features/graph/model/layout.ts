import type { Graph, GraphNode } from '../api';

/** The middle of a left edge. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a node is drawn. */
export interface Placed extends Place {
  readonly node: GraphNode;
}

export interface Layout {
  readonly nodes: ReadonlyMap<string, Placed>;
  /** By {@link wayKey}, the places as wide as a node that a long line passes through, in order. */
  readonly ways: ReadonlyMap<string, readonly Place[]>;
  readonly width: number;
  readonly height: number;
}

export const NODE_WIDTH = 168;
export const NODE_HEIGHT = 26;
const COLUMN_GAP = 96;
/** Between the columns that one crowded layer is split into. */
const SPLIT_GAP = 34;
/** With more nodes the columns stand closer, and long chains of calls are folded into fewer layers. */
const MANY_NODES = 40;
const NARROW_GAP = 60;
const ROW = NODE_HEIGHT + 12;
/** Few nodes need not stand close. */
const WIDE_ROW = NODE_HEIGHT + 40;
const FEW_ROWS = 9;
const SWEEPS = 6;

/** What takes a place in a column: a node, or a line that passes. */
interface Slot {
  readonly id: string;
}

interface Links<S> {
  readonly out: ReadonlyMap<S, readonly S[]>;
  readonly into: ReadonlyMap<S, readonly S[]>;
}

/**
 * Puts callers to the left of whom they call, in columns; nodes of a column stand near their peers. The
 * same graph gives the same picture, whatever order the server lists it in.
 */
export function layoutOf(graph: Graph): Layout {
  const nodes = [...graph.nodes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const links = linksOf(graph, nodes);
  const layers = layersOf(nodes, links);
  const { slots, slotLinks, passed } = nodes.length < MANY_NODES ? threaded(layers, links) : { slots: layers, slotLinks: links, passed: new Map<string, Slot[]>() };
  const { places, width, height } = placed(ordered(slots, slotLinks), nodes.length);
  return {
    nodes: new Map(nodes.map((node) => [node.id, { node, ...places.get(node)! }])),
    ways: new Map([...passed].map(([key, way]) => [key, way.map((slot) => places.get(slot)!)])),
    width,
    height,
  };
}

export function wayKey({ source, dest }: { readonly source: string; readonly dest: string }): string {
  return `${source} ${dest}`;
}

/** Gives lines that pass a layer a slot there, so that they go around its nodes rather than behind them. */
function threaded(layers: readonly (readonly GraphNode[])[], { out: calls }: Links<GraphNode>) {
  const slots: Slot[][] = layers.map((layer) => [...layer]);
  const depth = new Map(layers.flatMap((layer, index) => layer.map((node) => [node, index] as const)));
  const out = new Map<Slot, Slot[]>();
  const into = new Map<Slot, Slot[]>();
  const link = (from: Slot, to: Slot) => {
    out.set(from, [...(out.get(from) ?? []), to]);
    into.set(to, [...(into.get(to) ?? []), from]);
  };
  const passed = new Map<string, Slot[]>();
  for (const source of layers.flat()) {
    for (const dest of calls.get(source)!) {
      const key = wayKey({ source: source.id, dest: dest.id });
      const way: Slot[] = [];
      for (let layer = depth.get(source)! + 1; layer < depth.get(dest)!; layer++) {
        way.push({ id: `${key} ${layer}` });
        slots[layer]!.push(way.at(-1)!);
      }
      [...way, dest].forEach((slot, index, all) => link(index === 0 ? source : all[index - 1]!, slot));
      if (way.length > 0) passed.set(key, way);
    }
  }
  return { slots, slotLinks: { out, into } as Links<Slot>, passed };
}

function linksOf(graph: Graph, nodes: readonly GraphNode[]): Links<GraphNode> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const out = new Map<GraphNode, GraphNode[]>(nodes.map((node) => [node, []]));
  const into = new Map<GraphNode, GraphNode[]>(nodes.map((node) => [node, []]));
  const edges = [...graph.edges].sort((a, b) => (a.source + a.dest < b.source + b.dest ? -1 : 1));
  for (const edge of edges) {
    const source = byId.get(edge.source);
    const dest = byId.get(edge.dest);
    if (!source || !dest || source === dest) continue;
    out.get(source)!.push(dest);
    into.get(dest)!.push(source);
  }
  return { out, into };
}

/** Each node one layer after the last of its callers; calls that close a circle are left out of account. */
function layersOf(nodes: readonly GraphNode[], { out, into }: Links<GraphNode>): GraphNode[][] {
  // Those who are never called come first, then those who call more than they are called.
  const balance = (node: GraphNode) => into.get(node)!.length - out.get(node)!.length;
  const starts = [...nodes].sort((a, b) => Number(into.get(a)!.length > 0) - Number(into.get(b)!.length > 0) || balance(a) - balance(b));
  const finished: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  const forward = new Map<GraphNode, GraphNode[]>(nodes.map((node) => [node, []]));
  const visit = (start: GraphNode) => {
    const stack = [{ node: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const child = out.get(top.node)![top.next++];
      if (!child) {
        state.set(top.node, 'done');
        finished.push(top.node);
        stack.pop();
      } else if (state.get(child) !== 'open') {
        forward.get(top.node)!.push(child);
        if (!state.has(child)) {
          state.set(child, 'open');
          stack.push({ node: child, next: 0 });
        }
      }
    }
  };
  for (const node of starts) if (!state.has(node)) visit(node);

  const depth = new Map<GraphNode, number>(nodes.map((node) => [node, 0]));
  for (const node of finished.reverse()) {
    for (const child of forward.get(node)!) depth.set(child, Math.max(depth.get(child)!, depth.get(node)! + 1));
  }
  const deepest = Math.max(0, ...depth.values());
  const most = nodes.length < MANY_NODES ? deepest + 1 : Math.max(5, Math.round(Math.sqrt(nodes.length / 3)));
  const fold = Math.min(1, most / (deepest + 1));
  const layers: GraphNode[][] = [];
  for (const node of nodes) (layers[Math.floor(depth.get(node)! * fold)] ??= []).push(node);
  return layers.filter((layer) => layer !== undefined);
}

/** Moves each node to the mean place of its neighbours, forth and back, so that fewer lines cross. */
function ordered(layers: readonly Slot[][], { out, into }: Links<Slot>): readonly Slot[][] {
  const place = new Map<Slot, number>();
  const remember = (layer: readonly Slot[]) => layer.forEach((node, index) => place.set(node, (index + 0.5) / layer.length));
  layers.forEach(remember);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const layer of forth ? layers : [...layers].reverse()) {
      const wish = new Map(layer.map((node) => [node, mean((forth ? into : out).get(node) ?? [], place) ?? place.get(node)!]));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)! || (a.id < b.id ? -1 : 1));
      remember(layer);
    }
  }
  return layers;
}

function mean(nodes: readonly Slot[], place: ReadonlyMap<Slot, number>): number | null {
  return nodes.length === 0 ? null : nodes.reduce((sum, node) => sum + place.get(node)!, 0) / nodes.length;
}

/** Layers with very many nodes become several columns, so that the picture stays about as wide as a window. */
function placed(layers: readonly (readonly Slot[])[], nodeCount: number) {
  const count = layers.reduce((sum, layer) => sum + layer.length, 0);
  const rows = Math.max(6, Math.ceil(Math.sqrt(count * 3.4)));
  const columnGap = nodeCount < MANY_NODES ? COLUMN_GAP : NARROW_GAP;
  const columns: { readonly slots: readonly Slot[]; readonly x: number }[] = [];
  let x = 0;
  for (const layer of layers) {
    const parts = Math.ceil(layer.length / rows);
    for (let part = 0; part < parts; part++) {
      // Neighbours in the order stay neighbours in height: they are dealt out to the columns in turn.
      columns.push({ slots: layer.filter((_, index) => index % parts === part), x });
      x += NODE_WIDTH + (part < parts - 1 ? SPLIT_GAP : columnGap);
    }
  }
  const tallest = Math.max(1, ...columns.map((column) => column.slots.length));
  const pitch = tallest <= FEW_ROWS ? WIDE_ROW : ROW;
  const height = tallest * pitch;
  const places = new Map<Slot, Place>();
  columns.forEach((column, index) => {
    const gap = Math.min(pitch * 2, height / column.slots.length);
    // Every other column stands half a row lower: lines pass between nodes rather than through them.
    const top = (height - gap * column.slots.length) / 2 + gap / 2 + (index % 2 === 1 && gap === pitch ? pitch / 4 : 0);
    column.slots.forEach((slot, row) => places.set(slot, { x: column.x, y: top + row * gap }));
  });
  return { places, width: Math.max(NODE_WIDTH, x - columnGap), height: height + pitch / 2 };
}
