import { useCallback, useMemo, useRef } from 'react';
import { usePolled } from '../../../api/usePolled';
import { Link, navigate } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Banner } from '../../../design/Banner';
import { Notice } from '../../../design/Notice';
import { SearchField } from '../../../design/SearchField';
import { Segmented } from '../../../design/Segmented';
import { plural } from '../../../format/text';
import type { Graph, GraphNode } from '../../graph/api';
import { GraphCanvas } from '../../graph/components/GraphCanvas';
import styles from '../../graph/components/GraphPage.module.css';
import { layoutOf } from '../../graph/model/layout';
import { nodeTowards } from '../../graph/model/view';
import shared from '../agents.module.css';
import { agentHref, callsHref, type CallQuery } from '../api';
import { fetchCallGraph, type CallEdge, type CallGraph } from './api';

const LEVELS = [
  { value: 'server', label: 'Servers' },
  { value: 'tool', label: 'Tools and models' },
] as const;
const TIMES = [
  { value: '15', label: '15 min' },
  { value: '60', label: '1 h' },
  { value: '1440', label: '1 day' },
] as const;
const PERIOD_MILLIS = 5_000;

interface GraphState {
  readonly level: (typeof LEVELS)[number]['value'];
  readonly minutes: (typeof TIMES)[number]['value'];
  readonly text: string;
  readonly node: string | null;
}

const CODEC = {
  parse(query: string): GraphState {
    const params = new URLSearchParams(query);
    const minutes = TIMES.find(({ value }) => value === params.get('minutes'))?.value ?? '60';
    return { level: params.get('level') === 'tool' ? 'tool' : 'server', minutes, text: params.get('q') ?? '', node: params.get('node') };
  },
  format({ level, minutes, text, node }: GraphState): string {
    const params = new URLSearchParams();
    if (level === 'tool') params.set('level', level);
    if (minutes !== '60') params.set('minutes', minutes);
    if (text !== '') params.set('q', text);
    if (node !== null) params.set('node', node);
    return params.size === 0 ? '' : `?${params.toString()}`;
  },
  isStep: (from: GraphState, to: GraphState) => from.level !== to.level || from.minutes !== to.minutes,
};

/** Which agent called which agent, tool and model, and what was said to it. */
export function AgentGraphPage() {
  const [{ level, minutes, text, node }, update] = useUrlState(CODEC);
  const search = useRef<HTMLInputElement>(null);
  const load = useCallback((signal: AbortSignal) => fetchCallGraph(Number(minutes), level, signal), [minutes, level]);
  const { value, problem } = usePolled(load, PERIOD_MILLIS);
  const graph = useMemo(() => value && drawable(value), [value]);
  const layout = useMemo(() => graph && layoutOf(graph), [graph]);
  const chosen = value?.nodes.find(({ id }) => id === node) ?? null;
  const found = useMemo(() => {
    if (text.trim() === '' || !value) return null;
    return new Set(value.nodes.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase())).map(({ id }) => id));
  }, [text, value]);
  useTitle('Graph of agents');
  const open = (target: GraphNode) => navigate(target.kind === 'agent' ? agentHref(target.name) : callsHref({ target: target.name }));
  const go = (event: KeyboardEvent) => {
    if (!layout) return;
    const first = found?.values().next().value ?? layout.nodes.keys().next().value ?? null;
    update({ node: chosen ? (nodeTowards(layout, chosen.id, event.key) ?? chosen.id) : first });
  };
  useShortcuts({
    '/': () => search.current?.select(),
    ArrowUp: go,
    ArrowDown: go,
    ArrowLeft: go,
    ArrowRight: go,
    Enter: () => chosen && open(graph!.nodes.find(({ id }) => id === chosen.id)!),
    Escape: () => update({ node: null }),
    1: () => update({ level: 'server', node: null }),
    2: () => update({ level: 'tool', node: null }),
  });
  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">Graph of agents</h1>
      <div className={styles.bar} role="search" aria-label="Filter the graph">
        <Segmented label="Nodes stand for" options={LEVELS} value={level} onChange={(next) => update({ level: next, node: null })} />
        <Segmented label="Time" options={TIMES} value={minutes} onChange={(next) => update({ minutes: next })} />
        <SearchField ref={search} label="Find in the graph" placeholder="Find a node" value={text} onChange={(next) => update({ text: next })} onLeave={() => update({ node: found?.values().next().value ?? null })} />
      </div>
      {value && problem !== '' && <Banner icon="plug">The picture is from before: {problem}.</Banner>}
      {value?.truncated && <Banner icon="warn">These are the newest 50,000 calls; there are older ones in this time.</Banner>}
      <div className={styles.content}>
        {!graph && <Notice icon={problem === '' ? 'graph' : 'plug'} title={problem === '' ? 'Drawing' : 'The graph cannot be loaded'}>{problem === '' ? 'Gathering who called whom.' : `${problem}.`}</Notice>}
        {graph && graph.nodes.length === 0 && (
          <Notice icon="graph" title="Nobody called anybody">
            No call was recorded in this time.
          </Notice>
        )}
        {graph && graph.nodes.length > 0 && (
          <>
            <GraphCanvas graph={graph} chosen={chosen?.id ?? null} found={found} onChoose={(id) => update({ node: id })} onToggle={open} />
            <Side graph={value!} chosen={chosen?.id ?? null} onChoose={(id) => update({ node: id })} />
          </>
        )}
      </div>
    </main>
  );
}

/** The same picture as that of flows: held calls are drawn as let through, since they may be. */
function drawable({ nodes, edges }: CallGraph): Graph {
  const volume = (connections: number) => ({ connections, packets: connections, bytes: 0 });
  return {
    level: 'service',
    nodes: nodes.map(({ id, kind, name }) => ({ id, kind, name, namespace: '' })),
    edges: edges.map((edge) => ({
      source: edge.source,
      dest: edge.dest,
      allowed: volume(edge.permitted + edge.held),
      denied: volume(edge.denied),
      pending_differs: volume(edge.pending_differs),
    })),
  };
}

interface SideProps {
  readonly graph: CallGraph;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** The picture in words. */
function Side({ graph, chosen, onChoose }: SideProps) {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const edges = graph.edges.filter((edge) => chosen === null || edge.source === chosen || edge.dest === chosen);
  return (
    <aside className={shared.side} aria-label="Connections" data-scrolls>
      <h2>{chosen === null ? plural(graph.nodes.length, 'node') : names.get(chosen)}</h2>
      <ul>
        {edges.map((edge) => (
          <li key={`${edge.source} ${edge.dest}`}>
            <button type="button" onClick={() => onChoose(edge.dest === chosen ? edge.source : edge.dest)}>
              {names.get(edge.source)} → {names.get(edge.dest)}
            </button>
            <span className={shared.dim}>{countsOf(edge)}</span> <Link className={shared.link} href={callsHref(queryOf(graph, edge))}>Calls</Link>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function countsOf({ permitted, denied, held, pending_differs: differs }: CallEdge): string {
  return [permitted > 0 && `${permitted} permitted`, denied > 0 && `${denied} denied`, held > 0 && `${held} held`, differs > 0 && `${differs} staged differs`].filter(Boolean).join(', ');
}

function queryOf(graph: CallGraph, edge: CallEdge): CallQuery {
  const name = (id: string) => graph.nodes.find((node) => node.id === id)?.name ?? '';
  return { agent: name(edge.source), target: name(edge.dest) };
}
