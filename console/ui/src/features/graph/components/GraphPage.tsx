import { useCallback, useMemo, useRef } from 'react';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { usePolled } from '../../../api/usePolled';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { SearchField } from '../../../design/SearchField';
import { Segmented } from '../../../design/Segmented';
import { FilterChips } from '../../flows/components/FilterChips';
import { FilterPickers } from '../../flows/components/FilterPickers';
import { isFiltering, NO_FILTERS, toggled, type Filters } from '../../flows/filters/filters';
import { formatRange, spanOf, type Range } from '../../flows/filters/range';
import { serverFilter } from '../../flows/filters/server';
import { fetchBoard } from '../../policies/api';
import { RangeMenu, rangeShortcuts } from '../../time/components/RangeMenu';
import { fetchGraph, type GraphNode } from '../api';
import { choicesOf } from '../model/choices';
import { layoutOf } from '../model/layout';
import { GRAPH_CODEC } from '../model/state';
import { labelOf, nodeTowards } from '../model/view';
import { GraphCanvas } from './GraphCanvas';
import styles from './GraphPage.module.css';
import { GraphSide } from './GraphSide';

const LEVELS = [
  { value: 'namespace', label: 'Namespaces' },
  { value: 'workload', label: 'Workloads' },
  { value: 'service', label: 'Services' },
] as const;

const LIVE_MILLIS = 10_000;
/** A stored time does not change; asking again only mends a failure. */
const STORED_MILLIS = 60_000;

/** Who talks to whom: a picture, and the same in words. */
export function GraphPage() {
  const [{ filters, range, level, open, node }, update] = useUrlState(GRAPH_CODEC);
  const search = useRef<HTMLInputElement>(null);
  const asked = useMemo(() => serverFilter({ ...filters, text: '' }), [filters]);
  const rangeKey = formatRange(range);
  const load = useCallback(
    (signal: AbortSignal) => fetchGraph(spanOf(range, Date.now()), asked.json, level, open, signal),
    // The key stands for the range, and the joined list for its elements.
    [rangeKey, asked.json, level, open.join()],
  );
  const { value: graph, problem, reload } = usePolled(load, range.type === 'live' ? LIVE_MILLIS : STORED_MILLIS);
  const board = usePolled(loadBoard, STORED_MILLIS);
  const choices = useMemo(() => choicesOf(graph, board.value ?? []), [graph, board.value]);
  const layout = useMemo(() => graph && layoutOf(graph), [graph]);
  useTitle('Graph');

  const changeFilters = useCallback((patch: Partial<Filters>) => update({ filters: { ...filters, ...patch } }), [update, filters]);
  const changeRange = useCallback((next: Range) => update({ range: next }), [update]);
  const choose = (id: string | null) => update({ node: id });
  const chosen = graph?.nodes.find((other) => other.id === node) ?? null;
  const toggle = (target: GraphNode) => {
    const namespace = target.kind === 'namespace' ? target.name : target.namespace;
    if (namespace !== '' && level === 'namespace') update({ open: [...toggled(open, namespace)].sort(), node: null });
  };
  const found = useMemo(() => {
    const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0 || !graph) return null;
    return new Set(graph.nodes.filter((other) => words.every((word) => labelOf(other).toLowerCase().includes(word))).map((other) => other.id));
  }, [filters.text, graph]);
  const go = (event: KeyboardEvent) => {
    if (!layout) return;
    const first = found?.values().next().value ?? layout.nodes.keys().next().value;
    choose(chosen ? (nodeTowards(layout, chosen.id, event.key) ?? chosen.id) : (first ?? null));
  };
  useShortcuts({
    ...rangeShortcuts(range, changeRange),
    '/': () => search.current?.select(),
    ArrowUp: go,
    ArrowDown: go,
    ArrowLeft: go,
    ArrowRight: go,
    Enter: () => chosen && toggle(chosen),
    Escape: () => choose(null),
    1: () => update({ level: 'namespace', node: null }),
    2: () => update({ level: 'workload', node: null }),
    3: () => update({ level: 'service', node: null }),
    x: () => update({ filters: NO_FILTERS }),
  });

  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">Graph</h1>
      <div className={styles.bar} role="search" aria-label="Filter the graph">
        <Segmented label="Nodes stand for" options={LEVELS} value={level} onChange={(next) => update({ level: next, node: null })} />
        <SearchField
          ref={search}
          label="Find in the graph"
          placeholder="Find a node"
          value={filters.text}
          onChange={(text) => changeFilters({ text })}
          onLeave={() => choose(found?.values().next().value ?? null)}
        />
        <span className={styles.end}>
          <RangeMenu range={range} onRange={changeRange} />
        </span>
        <i className={styles.break} />
        <FilterPickers filters={filters} tally={choices} onFilters={changeFilters} />
        {isFiltering(filters) && (
          <Button quiet icon="close" title="Clear all filters (x)" onClick={() => update({ filters: NO_FILTERS })}>
            Clear
          </Button>
        )}
        {open.length > 0 && level === 'namespace' && (
          <p className={styles.open}>
            Opened:
            {open.map((namespace) => (
              <Button key={namespace} quiet icon="minus" title={`Close ${namespace}`} onClick={() => update({ open: open.filter((other) => other !== namespace), node: null })}>
                {namespace}
              </Button>
            ))}
          </p>
        )}
        <FilterChips filters={filters} onFilters={changeFilters} />
      </div>
      {graph && problem !== '' && <Banner icon="plug">The picture is from before: {problem}.</Banner>}
      {!asked.exact && <Banner icon="warn">The server cannot be asked exactly these filters: the picture may show a little more.</Banner>}
      <div className={styles.content}>
        {!graph && problem === '' && <Notice icon="graph" title="Drawing">Gathering who talks to whom.</Notice>}
        {!graph && problem !== '' && (
          <Notice icon="plug" title="The graph cannot be loaded" action={<Button onClick={reload}>Try again</Button>}>
            {problem}.
          </Notice>
        )}
        {graph && graph.nodes.length === 0 && (
          <Notice icon="graph" title="Nobody talked to anybody" action={isFiltering(filters) && <Button onClick={() => update({ filters: NO_FILTERS })}>Clear filters</Button>}>
            {isFiltering(filters) ? 'No flow of this time matches the filters.' : 'No flow was recorded in this time. Choose a longer one with the minus key.'}
          </Notice>
        )}
        {graph && graph.nodes.length > 0 && (
          <>
            <GraphCanvas graph={graph} chosen={chosen?.id ?? null} found={found} onChoose={choose} onToggle={toggle} />
            <GraphSide graph={graph} chosen={chosen} filters={filters} range={range} onChoose={choose} onToggle={toggle} />
          </>
        )}
      </div>
    </main>
  );
}

function loadBoard(signal: AbortSignal) {
  const now = Date.now();
  return fetchBoard({ from: now - 3_600_000, to: now }, signal);
}
