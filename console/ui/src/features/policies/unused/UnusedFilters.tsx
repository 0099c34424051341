import type { RefObject } from 'react';
import { Button } from '../../../design/Button';
import { Choice } from '../../../design/Choice';
import { SearchField } from '../../../design/SearchField';
import { Segmented } from '../../../design/Segmented';
import { kindLabel } from '../../verdict/words';
import type { PolicyUse } from './api';
import { ALL, dayChoices, isFiltering, NOBODY, valuesOf, type UnusedState } from './rows';
import styles from './UnusedPage.module.css';

const SHOWS = [
  { value: 'unused', label: 'Not used' },
  { value: 'all', label: 'All' },
] as const;

interface UnusedFiltersProps {
  readonly state: UnusedState;
  /** Whose kinds, tiers and owners can be chosen. */
  readonly policies: readonly PolicyUse[];
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onChange: (patch: Partial<UnusedState>) => void;
  readonly onLeave: () => void;
}

export function UnusedFilters({ state, policies, search, onChange, onLeave }: UnusedFiltersProps) {
  return (
    <div className={styles.bar} role="search" aria-label="Filter the uses">
      <SearchField ref={search} label="Search in the uses" placeholder="Name, owner, tier" value={state.text} onChange={(text) => onChange({ text })} onLeave={onLeave} />
      <Segmented label="Show" options={SHOWS} value={state.show} onChange={(show) => onChange({ show })} />
      <Choice label="Time" options={dayChoices(state.days)} value={String(state.days)} onChange={(days) => onChange({ days: Number(days) })} />
      <Choice label="Owner" neutral="" options={options(valuesOf(policies, 'owner'), 'Every owner', (owner) => owner || 'nobody')} value={state.owner} onChange={(owner) => onChange({ owner })} />
      <Choice label="Tier" neutral="" options={options(valuesOf(policies, 'tier'), 'Every tier')} value={state.tier} onChange={(tier) => onChange({ tier })} />
      <Choice label="Kind" neutral="" options={options(valuesOf(policies, 'kind'), 'Every kind', kindLabel)} value={state.kind} onChange={(kind) => onChange({ kind })} />
      {isFiltering(state) && (
        <Button quiet icon="close" title="Clear all filters (x)" onClick={() => onChange(ALL)}>
          Clear
        </Button>
      )}
    </div>
  );
}

function options(values: readonly string[], all: string, label: (value: string) => string = (value) => value) {
  return [{ value: '', label: all }, ...values.map((value) => ({ value: value || NOBODY, label: label(value) }))];
}
