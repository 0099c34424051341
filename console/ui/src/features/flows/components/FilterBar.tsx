import type { RefObject } from 'react';
import { Button } from '../../../design/Button';
import { Icon } from '../../../design/Icon';
import { Picker, type PickerOption } from '../../../design/Picker';
import { Segmented } from '../../../design/Segmented';
import { formatCount, plural } from '../../../format/text';
import { kindAbbreviation } from '../../verdict/words';
import { isFiltering, toggled, type Filters } from '../filters/filters';
import { useAnnounced } from '../hooks/useAnnounced';
import { CAPACITY, type FeedSnapshot } from '../store/FlowFeed';
import styles from './FilterBar.module.css';

interface FilterBarProps {
  readonly filters: Filters;
  readonly snapshot: FeedSnapshot;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly onFilters: (patch: Partial<Filters>) => void;
  readonly onClear: () => void;
  readonly onLeaveSearch: () => void;
}

const VERDICTS = [
  { value: 'any', label: 'All' },
  { value: 'allow', label: 'Allowed' },
  { value: 'deny', label: 'Denied' },
] as const;

const REPORTERS = [
  { value: 'any', label: 'Both' },
  { value: 'src', label: 'Egress' },
  { value: 'dst', label: 'Ingress' },
] as const;

export function FilterBar({ filters, snapshot, searchRef, onFilters, onClear, onLeaveSearch }: FilterBarProps) {
  const { rows, tally } = snapshot;
  const count = isFiltering(filters) ? `${formatCount(rows.length)} of ${formatCount(tally.flows)} flows` : plural(tally.flows, 'flow');
  const announced = useAnnounced(count, filters);
  const namespaces = () => options(tally.namespaces, (value) => ({ label: value }));
  const policies = () => options(tally.policies, policyLabel);
  return (
    <div className={styles.bar} role="search" aria-label="Filter flows">
      <label className={styles.search}>
        <Icon name="search" />
        <input
          ref={searchRef}
          value={filters.text}
          placeholder="Name, service, tcp:8080, policy, -not"
          aria-label="Search in the flows"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onFilters({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' && event.key !== 'Enter' && event.key !== 'ArrowDown') return;
            event.preventDefault();
            onLeaveSearch();
          }}
        />
        <kbd>/</kbd>
      </label>
      <Segmented label="Verdict" options={VERDICTS} value={filters.verdict === 'pass' ? 'any' : filters.verdict} onChange={(verdict) => onFilters({ verdict })} />
      <Button icon="pending" pressed={filters.differs} title="Only flows whose verdict staged policies would change" onClick={() => onFilters({ differs: !filters.differs })}>
        Pending differs
      </Button>
      <Picker
        label="Namespace"
        options={namespaces}
        chosen={filters.namespaces}
        emptyText="Namespaces appear here with the first flows."
        onToggle={(value) => onFilters({ namespaces: toggled(filters.namespaces, value) })}
      />
      <Picker
        label="Policy"
        options={policies}
        chosen={filters.policies}
        emptyText="Policies appear here once they have judged a flow."
        onToggle={(value) => onFilters({ policies: toggled(filters.policies, value) })}
      />
      <Segmented label="Judged at" options={REPORTERS} value={filters.reporter} onChange={(reporter) => onFilters({ reporter })} />
      {isFiltering(filters) && (
        <Button quiet icon="close" title="Clear all filters (x)" onClick={onClear}>
          Clear
        </Button>
      )}
      <span className={styles.end}>
        <span className={styles.count} data-testid="count">
          {count}
        </span>
        <span className="visually-hidden" aria-live="polite">
          {announced}
        </span>
        <Losses snapshot={snapshot} />
      </span>
    </div>
  );
}

/** What the page had to leave out, if anything. */
function Losses({ snapshot: { evicted, unreadable, lastProblem } }: { readonly snapshot: FeedSnapshot }) {
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

function options(counts: ReadonlyMap<string, number>, describe: (value: string) => { label: string; prefix?: string }): readonly PickerOption[] {
  return [...counts].map(([value, count]) => ({ value, count, ...describe(value) })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function policyLabel(key: string): { label: string; prefix: string } {
  const colon = key.indexOf(':');
  return { prefix: kindAbbreviation(key.slice(0, colon)), label: key.slice(colon + 1) };
}
