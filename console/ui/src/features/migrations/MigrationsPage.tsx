import { useCallback, useRef } from 'react';
import { usePolled } from '../../api/usePolled';
import { useShortcuts } from '../../app/useShortcuts';
import { useTitle } from '../../app/useTitle';
import { useUrlState } from '../../app/useUrlState';
import { Banner } from '../../design/Banner';
import { Button } from '../../design/Button';
import { Choice } from '../../design/Choice';
import { Notice } from '../../design/Notice';
import { PageFrame } from '../../design/PageFrame';
import { SearchField } from '../../design/SearchField';
import { Segmented } from '../../design/Segmented';
import { fetchMigrations } from './api';
import styles from './MigrationsPage.module.css';
import { MigrationTable } from './MigrationTable';
import { ObjectiveLine } from './ObjectiveLine';
import { gapChoices, MIGRATIONS_CODEC, shownOf } from './state';

const PERIOD_MILLIS = 2_000;

const SHOWS = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Under way' },
  { value: 'failed', label: 'Failed' },
] as const;

/** Migrations of virtual machines: how far they are, and how little anybody noticed. */
export function MigrationsPage() {
  const [state, update] = useUrlState(MIGRATIONS_CODEC);
  const { gapMillis } = state;
  const load = useCallback((signal: AbortSignal) => fetchMigrations(gapMillis, signal), [gapMillis]);
  const { value, problem, reload } = usePolled(load, PERIOD_MILLIS);
  const search = useRef<HTMLInputElement>(null);
  const shown = value ? shownOf(value.items, state) : [];
  const clear = () => update({ show: 'all', text: '' });
  useTitle('Migrations');
  useShortcuts({ '/': () => search.current?.select(), x: clear });
  return (
    <PageFrame title="Migrations of virtual machines">
      <div className={styles.bar} role="search" aria-label="Filter migrations">
        <SearchField ref={search} label="Search in the migrations" placeholder="Machine, node, reason" value={state.text} onChange={(text) => update({ text })} onLeave={() => undefined} />
        <Segmented label="Show" options={SHOWS} value={state.show} onChange={(show) => update({ show })} />
        <Choice label="Target of the gap" options={gapChoices(gapMillis)} value={String(gapMillis)} onChange={(millis) => update({ gapMillis: Number(millis) })} />
      </div>
      {value && problem !== '' && <Banner icon="plug">This is from before: {problem}.</Banner>}
      {!value && problem === '' && <Notice icon="pending" title="Loading">The migrations that are on record.</Notice>}
      {!value && problem !== '' && (
        <Notice icon="plug" title="The migrations cannot be loaded" action={<Button onClick={reload}>Try again</Button>}>
          {problem}.
        </Notice>
      )}
      {value && value.items.length === 0 && (
        <Notice icon="arrow" title="No machine has moved yet">
          A migration appears here as soon as KubeVirt starts one, or a LiveMigration says so; the newest twenty of each machine stay.
        </Notice>
      )}
      {value && value.items.length > 0 && (
        <>
          <ObjectiveLine objective={value.objective} />
          {shown.length === 0 ? (
            <Notice icon="search" title="No migration matches" action={<Button onClick={clear}>Show all</Button>}>
              Of {value.items.length} none fits these filters.
            </Notice>
          ) : (
            <MigrationTable migrations={shown} gapMillis={gapMillis} />
          )}
        </>
      )}
    </PageFrame>
  );
}
