import { useCallback, useRef, useState } from 'react';
import { useShortcuts } from '../../../app/useShortcuts';
import { VerdictPanel } from '../../verdict/components/VerdictPanel';
import { isFiltering, NO_FILTERS, type Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import { useFeed } from '../hooks/useFeed';
import { usePageState } from '../hooks/usePageState';
import { ConnectionBanner } from './ConnectionBanner';
import { FilterBar } from './FilterBar';
import { FlowTable } from './FlowTable';
import styles from './FlowsPage.module.css';
import { ListState } from './ListState';
import { Overview } from './Overview';

/** The live list of flows, and the reasons for the verdict of the chosen one. */
export function FlowsPage() {
  const [{ filters, order, selected }, update] = usePageState();
  const { feed, snapshot } = useFeed(filters, order);
  const [cursor, setCursor] = useState<string | null>(selected);
  const [clock, setClock] = useState(true);
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);

  const changeFilters = useCallback((patch: Partial<Filters>) => update({ filters: { ...filters, ...patch } }), [update, filters]);
  const clearFilters = useCallback(() => update({ filters: NO_FILTERS }), [update]);
  const changeOrder = useCallback((next: Order) => update({ order: next }), [update]);
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
    const current = cursor === null ? undefined : feed.get(cursor);
    const index = current ? snapshot.view.indexOf(current) : -1;
    moveTo(index < 0 ? 0 : index + step);
  };
  const togglePause = () => feed.setPaused(!snapshot.paused);

  useShortcuts({
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
    Escape: () => selected !== null && close(),
    p: togglePause,
    t: () => setClock(!clock),
    x: clearFilters,
  });

  return (
    <main className={styles.page}>
      <div className={styles.list}>
        <Overview snapshot={snapshot} filters={filters} onFilters={changeFilters} onPause={togglePause} />
        <FilterBar
          filters={filters}
          snapshot={snapshot}
          searchRef={search}
          onFilters={changeFilters}
          onClear={clearFilters}
          onLeaveSearch={() => grid.current?.focus()}
        />
        <ConnectionBanner connection={snapshot.connection} onRetry={() => feed.reconnect()} />
        <FlowTable
          ref={grid}
          snapshot={snapshot}
          order={order}
          cursor={cursor}
          selected={selected}
          clock={clock}
          onOpen={open}
          onOrder={changeOrder}
          onClock={() => setClock(!clock)}
        >
          <ListState snapshot={snapshot} filtering={isFiltering(filters)} onClear={clearFilters} />
        </FlowTable>
      </div>
      {selected !== null && (
        <VerdictPanel
          flow={feed.get(selected) ?? null}
          loading={snapshot.connection.state === 'connecting'}
          feed={feed}
          onOpen={open}
          onClose={close}
        />
      )}
    </main>
  );
}
