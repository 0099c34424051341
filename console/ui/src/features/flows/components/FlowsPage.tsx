import { useCallback, useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { rangeShortcuts } from '../../time/components/RangeMenu';
import { useDensity } from '../../time/useDensity';
import { VerdictPanel } from '../../verdict/components/VerdictPanel';
import { isFiltering, NO_FILTERS, type Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import type { Range } from '../filters/range';
import { serverFilter } from '../filters/server';
import { formatState, parseState, type PageState } from '../filters/url';
import { useColumns } from '../hooks/useColumns';
import { isStreamed, useFlows } from '../hooks/useFlows';
import { ConnectionBanner } from './ConnectionBanner';
import { FilterBar } from './FilterBar';
import { FlowTable } from './FlowTable';
import styles from './FlowsPage.module.css';
import { ListState } from './ListState';
import { Overview } from './Overview';

/** Opening a flow and going to another time are undone by Back. */
const CODEC = {
  parse: parseState,
  format: formatState,
  isStep: (from: PageState, to: PageState) =>
    (from.selected === null && to.selected !== null) || formatState({ ...from, filters: NO_FILTERS, selected: null }) !== formatState({ ...to, filters: NO_FILTERS, selected: null }),
};

/** The list of flows, live or from the history, and the reasons for the verdict of the chosen one. */
export function FlowsPage() {
  const [{ filters, range, order, selected, tab }, update] = useUrlState(CODEC);
  const { source, snapshot } = useFlows(range, filters, order);
  const [columns, setColumns] = useColumns();
  const [cursor, setCursor] = useState<string | null>(selected);
  const [clock, setClock] = useState(true);
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  // The strip and its counters tell allowed from denied themselves.
  const stripFilter = useMemo(() => serverFilter({ ...filters, verdict: 'any', pending: 'any', text: '' }).json, [filters]);
  const strip = useDensity(range, stripFilter, snapshot.paused);
  useTitle('Flows');

  const changeFilters = useCallback((patch: Partial<Filters>) => update({ filters: { ...filters, ...patch } }), [update, filters]);
  const clearFilters = useCallback(() => update({ filters: NO_FILTERS }), [update]);
  const changeOrder = useCallback((next: Order) => update({ order: next }), [update]);
  const changeRange = useCallback((next: Range) => update({ range: next }), [update]);
  const loadMore = useCallback(() => source.more(), [source]);
  const open = useCallback(
    (id: string) => {
      setCursor(id);
      update({ selected: id });
    },
    [update],
  );
  const close = () => {
    update({ selected: null });
    grid.current?.focus();
  };
  /** With the panel open, it follows the cursor. */
  const moveTo = (index: number) => {
    const row = snapshot.rows[Math.max(0, Math.min(index, snapshot.rows.length - 1))];
    if (!row) return;
    setCursor(row.id);
    if (selected !== null) update({ selected: row.id });
    grid.current?.focus({ preventScroll: true });
  };
  const moveBy = (step: number) => {
    const current = cursor === null ? undefined : source.get(cursor);
    const index = current ? snapshot.view.indexOf(current) : -1;
    moveTo(index < 0 ? 0 : index + step);
  };
  const togglePause = () => isStreamed(range) && source.setPaused(!snapshot.paused);

  useShortcuts({
    ...rangeShortcuts(range, changeRange),
    '/': () => search.current?.select(),
    j: () => moveBy(1),
    ArrowDown: () => moveBy(1),
    k: () => moveBy(-1),
    ArrowUp: () => moveBy(-1),
    PageDown: () => moveBy(20),
    PageUp: () => moveBy(-20),
    Home: () => moveTo(0),
    End: () => moveTo(snapshot.rows.length - 1),
    Enter: () => cursor !== null && open(cursor),
    f: () => selected !== null && update({ tab: 'fix' }),
    Escape: () => selected !== null && close(),
    p: togglePause,
    t: () => setClock(!clock),
    x: clearFilters,
  });

  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">Flows</h1>
      <div className={styles.list}>
        <Overview snapshot={snapshot} strip={strip} filters={filters} range={range} onFilters={changeFilters} onRange={changeRange} onPause={togglePause} />
        <FilterBar
          filters={filters}
          snapshot={snapshot}
          columns={columns}
          searchRef={search}
          onFilters={changeFilters}
          onColumns={setColumns}
          onClear={clearFilters}
          onLeaveSearch={() => grid.current?.focus()}
        />
        <ConnectionBanner snapshot={snapshot} onRetry={() => source.retry()} />
        <FlowTable
          ref={grid}
          snapshot={snapshot}
          columns={columns}
          order={order}
          cursor={cursor}
          selected={selected}
          clock={clock}
          onOpen={open}
          onOrder={changeOrder}
          onClock={() => setClock(!clock)}
          onEnd={loadMore}
        >
          <ListState snapshot={snapshot} filtering={isFiltering(filters)} onClear={clearFilters} onRetry={() => source.retry()} />
        </FlowTable>
      </div>
      {selected !== null && <VerdictPanel id={selected} tab={tab} source={source} onTab={(next) => update({ tab: next })} onOpen={open} onClose={close} />}
    </main>
  );
}
