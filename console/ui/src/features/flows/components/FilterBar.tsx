import type { RefObject } from 'react';
import { Button } from '../../../design/Button';
import { SearchField } from '../../../design/SearchField';
import { formatCount, plural } from '../../../format/text';
import { isFiltering, type Filters } from '../filters/filters';
import { useAnnounced } from '../hooks/useAnnounced';
import type { ColumnId } from '../model/columns';
import { CAPACITY } from '../store/FlowFeed';
import type { FlowSnapshot } from '../store/FlowSource';
import { ColumnMenu } from './ColumnMenu';
import styles from './FilterBar.module.css';
import { FilterChips } from './FilterChips';
import { FilterPickers } from './FilterPickers';

interface FilterBarProps {
  readonly filters: Filters;
  readonly snapshot: FlowSnapshot;
  readonly columns: readonly ColumnId[];
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly onFilters: (patch: Partial<Filters>) => void;
  readonly onColumns: (columns: readonly ColumnId[]) => void;
  readonly onClear: () => void;
  readonly onLeaveSearch: () => void;
}

export function FilterBar({ filters, snapshot, columns, searchRef, onFilters, onColumns, onClear, onLeaveSearch }: FilterBarProps) {
  const count = countText(snapshot, filters);
  const announced = useAnnounced(count, filters);
  return (
    <div className={styles.bar} role="search" aria-label="Filter flows">
      <SearchField
        ref={searchRef}
        label="Search in the flows"
        placeholder="Name, service, tcp:8080, policy, -not"
        value={filters.text}
        onChange={(text) => onFilters({ text })}
        onLeave={onLeaveSearch}
      />
      <FilterPickers filters={filters} tally={snapshot.tally} onFilters={onFilters} />
      {isFiltering(filters) && (
        <Button quiet icon="close" title="Clear all filters (x)" onClick={onClear}>
          Clear
        </Button>
      )}
      <span className={styles.end}>
        <Losses snapshot={snapshot} />
        <span className={styles.count} data-testid="count">
          {count}
        </span>
        <span className="visually-hidden" aria-live="polite">
          {announced}
        </span>
        <ColumnMenu columns={columns} onColumns={onColumns} />
      </span>
      <FilterChips filters={filters} onFilters={onFilters} />
    </div>
  );
}

function countText({ rows, tally, standing }: FlowSnapshot, filters: Filters): string {
  const more = standing.state === 'stored' && standing.more ? '+' : '';
  if (!isFiltering(filters) || rows.length === tally.flows) return `${formatCount(rows.length)}${more} ${rows.length === 1 ? 'flow' : 'flows'}`;
  return `${formatCount(rows.length)} of ${formatCount(tally.flows)}${more} flows`;
}

/** What the page had to leave out, if anything. */
function Losses({ snapshot: { evicted, unreadable, lastProblem } }: { readonly snapshot: FlowSnapshot }) {
  return (
    <>
      {evicted > 0 && (
        <span className={styles.loss} title={`The page keeps the newest ${formatCount(CAPACITY)} flows`}>
          {plural(evicted, 'older one')} left out
        </span>
      )}
      {unreadable > 0 && (
        <span className={styles.loss} title={`The last one: ${lastProblem}`}>
          {plural(unreadable, 'record')} unreadable
        </span>
      )}
    </>
  );
}
