import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { plural } from '../../../format/text';
import type { Graph, GraphNode } from '../api';
import { layoutOf, NODE_HEIGHT, NODE_WIDTH, wayKey, type Placed } from '../model/layout';
import { fitted, labelOf, neighboursOf, pathOf, showing, thinness, toneOf, widthOf, zoomedAt, type View } from '../model/view';
import styles from './GraphCanvas.module.css';

interface GraphCanvasProps {
  readonly graph: Graph;
  readonly chosen: string | null;
  /** Nodes that a search has found; null if nothing is searched. */
  readonly found: ReadonlySet<string> | null;
  readonly onChoose: (id: string | null) => void;
  /** Opens a namespace into its workloads, or closes that of a workload. */
  readonly onToggle: (node: GraphNode) => void;
}

const WHEEL_STEP = 0.0016;
const ZOOM_STEP = 1.3;

/** The picture: nodes in columns, lines from callers to whom they call. Drag moves it, the wheel enlarges. */
export function GraphCanvas({ graph, chosen, found, onChoose, onToggle }: GraphCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });
  const [hovered, setHovered] = useState<string | null>(null);
  const drag = useRef<{ readonly x: number; readonly y: number; readonly view: View; moved: boolean } | null>(null);

  const moved = useRef(false);
  const shape = `${graph.nodes.length} ${layout.width} ${layout.height}`;
  const fit = () => {
    const { clientWidth, clientHeight } = frame.current!;
    setView(fitted(layout, clientWidth, clientHeight));
  };
  // Another drawing is shown from its beginning, in another window, too, until somebody moves it; new counts
  // on the same one leave it where it is.
  useEffect(() => {
    moved.current = false;
    fit();
    const observer = new ResizeObserver(() => moved.current || fit());
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, [shape]);
  useEffect(() => {
    const element = frame.current!;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      moved.current = true;
      setView((last) => zoomedAt(last, Math.exp(-event.deltaY * WHEEL_STEP), event.clientX - box.left, event.clientY - box.top));
    };
    // React's own wheel listeners may not prevent the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);
  useEffect(() => {
    const node = chosen === null ? undefined : layout.nodes.get(chosen);
    const element = frame.current!;
    if (node) setView((last) => showing(last, node, element.clientWidth, element.clientHeight));
  }, [chosen, layout]);

  const zoom = (factor: number) => {
    const { clientWidth, clientHeight } = frame.current!;
    moved.current = true;
    setView((last) => zoomedAt(last, factor, clientWidth / 2, clientHeight / 2));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button === 0) drag.current = { x: event.clientX, y: event.clientY, view, moved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const start = drag.current;
    if (!start || event.buttons !== 1) return;
    const dx = event.clientX - start.x;
    const dy = event.clientY - start.y;
    if (!start.moved && Math.hypot(dx, dy) < 4) return;
    if (!start.moved) event.currentTarget.setPointerCapture(event.pointerId);
    start.moved = true;
    moved.current = true;
    setView({ ...start.view, x: start.view.x + dx, y: start.view.y + dy });
  };
  const onClick = (id: string | null) => {
    if (!drag.current?.moved) onChoose(id);
  };

  const centre = hovered ?? chosen;
  const near = useMemo(() => (centre === null ? null : neighboursOf(graph, centre)), [graph, centre]);
  const thin = thinness(graph);
  const isDim = (id: string) => (found !== null ? !found.has(id) : near !== null && !near.has(id));
  return (
    <div
      ref={frame}
      className={styles.frame}
      role="group"
      aria-label={`Graph of ${plural(graph.nodes.length, 'node')} and ${plural(graph.edges.length, 'connection')}. Arrow keys choose a node, Enter opens or closes it; the list beside says who talks to whom.`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onClick={() => onClick(null)}
    >
      <svg className={styles.drawing} width="100%" height="100%" aria-hidden="true">
        <defs>
          {(['allow', 'deny', 'mixed'] as const).map((tone) => (
            <marker key={tone} id={`arrow-${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
              <path className={styles[`${tone}Head`]} d="M0 0.500 8 4 0 7.500Z" />
            </marker>
          ))}
        </defs>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {graph.edges.map((edge) => {
            const from = layout.nodes.get(edge.source);
            const to = layout.nodes.get(edge.dest);
            if (!from || !to) return null;
            const tone = toneOf(edge);
            const strong = centre !== null && (edge.source === centre || edge.dest === centre);
            const dim = centre !== null ? !strong : found !== null && !(found.has(edge.source) || found.has(edge.dest));
            return (
              <path
                key={`${edge.source} ${edge.dest}`}
                className={classes(styles.edge, styles[tone], dim && styles.dim, strong && styles.strong)}
                d={pathOf(from, to, layout.ways.get(wayKey(edge)))}
                strokeWidth={widthOf(edge) * thin}
                markerEnd={`url(#arrow-${tone})`}
              />
            );
          })}
          {[...layout.nodes.values()].map((placed) => (
            <Node
              key={placed.node.id}
              placed={placed}
              chosen={placed.node.id === chosen}
              dim={isDim(placed.node.id)}
              onHover={setHovered}
              onClick={onClick}
              onToggle={onToggle}
            />
          ))}
        </g>
      </svg>
      <div className={styles.zoom} onPointerDown={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()}>
        <Button icon="plus" aria-label="Larger (+)" onClick={() => zoom(ZOOM_STEP)} />
        <Button icon="minus" aria-label="Smaller" onClick={() => zoom(1 / ZOOM_STEP)} />
        <Button onClick={fit} title="The whole picture (0)">
          Fit
        </Button>
      </div>
      <Legend />
    </div>
  );
}

interface NodeProps {
  readonly placed: Placed;
  readonly chosen: boolean;
  readonly dim: boolean;
  readonly onHover: (id: string | null) => void;
  readonly onClick: (id: string) => void;
  readonly onToggle: (node: GraphNode) => void;
}

const SIGNS: Readonly<Record<GraphNode['kind'], string>> = { namespace: 'ns', workload: '', service: 'svc', host: 'host', network_set: 'set', outside: 'net', agent: '', tool: 'tool', model: 'llm' };

function Node({ placed: { node, x, y }, chosen, dim, onHover, onClick, onToggle }: NodeProps) {
  const sign = SIGNS[node.kind];
  const room = sign === '' ? 24 : 19;
  return (
    <g
      className={classes(styles.node, styles[node.kind], chosen && styles.chosen, dim && styles.dim)}
      transform={`translate(${x} ${y - NODE_HEIGHT / 2})`}
      data-node={node.id}
      onPointerEnter={() => onHover(node.id)}
      onPointerLeave={() => onHover(null)}
      onClick={(event) => {
        event.stopPropagation();
        onClick(node.id);
      }}
      onDoubleClick={() => onToggle(node)}
    >
      <title>{labelOf(node)}</title>
      <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={node.kind === 'namespace' ? 7 : 13} />
      {sign !== '' && (
        <text className={styles.sign} x={10} y={17}>
          {sign}
        </text>
      )}
      <text x={sign === '' ? 12 : 38} y={17}>
        {shortLabel(node, room)}
      </text>
    </g>
  );
}

/** The end of a name tells more than its beginning, so long ones lose their namespace first. */
function shortLabel(node: GraphNode, room: number): string {
  const full = labelOf(node);
  if (full.length <= room) return full;
  const own = node.kind === 'outside' ? full : node.name;
  return own.length <= room ? own : `${own.slice(0, room - 1)}…`;
}

function Legend() {
  return (
    <p className={styles.legend} aria-hidden="true">
      <i className={styles.allowKey} /> allowed <i className={styles.mixedKey} /> some denied <i className={styles.denyKey} /> denied
      <span>wider: more connections</span>
    </p>
  );
}
