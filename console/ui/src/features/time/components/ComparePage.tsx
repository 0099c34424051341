import { useCallback, useMemo } from 'react';
import { useFetched } from '../../../api/useFetched';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Button } from '../../../design/Button';
import { Choice } from '../../../design/Choice';
import { Notice } from '../../../design/Notice';
import { formatDuration } from '../../../format/time';
import { FilterChips } from '../../flows/components/FilterChips';
import { FilterPickers } from '../../flows/components/FilterPickers';
import { isFiltering, NO_FILTERS, type Filters } from '../../flows/filters/filters';
import { fixedRange, formatRange, type Range, type Span } from '../../flows/filters/range';
import { serverFilter } from '../../flows/filters/server';
import { fetchGraph } from '../../graph/api';
import { choicesOf } from '../../graph/model/choices';
import { fetchDensity } from '../api';
import { compareGraphs } from '../model/compare';
import { COMPARE_CODEC, earlier, spansOf, type CompareState } from '../model/state';
import { ChangeTable } from './ChangeTable';
import styles from './ComparePage.module.css';
import { DensityStrip } from './DensityStrip';
import { RangeMenu, rangeShortcuts } from './RangeMenu';

const STEPS = 120;
const DAY_MILLIS = 86_400_000;

const BACK = [
  { value: 'previous', label: 'the time just before' },
  { value: 'day', label: 'the day before' },
  { value: 'week', label: 'the week before' },
  { value: 'own', label: 'a time of its own' },
] as const;

/** Two times beside each other: what is new, gone, denied now or no longer. */
export function ComparePage() {
  const [state, update] = useUrlState(COMPARE_CODEC);
  const { filters, before, after, all } = state;
  const asked = useMemo(() => serverFilter({ ...filters, text: '' }), [filters]);
  const key = `${before ? formatRange(before) : 'previous'} ${formatRange(after)} ${asked.json}`;
  const fetched = useFetched(key, '', (signal) => fetchBoth(state, asked.json, signal));
  useTitle('Compare');
  const changeFilters = useCallback((patch: Partial<Filters>) => update({ filters: { ...filters, ...patch } }), [update, filters]);
  const changeAfter = useCallback((next: Range) => update({ after: next }), [update]);
  useShortcuts({ ...rangeShortcuts(after, changeAfter), x: () => update({ filters: NO_FILTERS }), a: () => update({ all: !all }) });

  const answer = fetched.state === 'done' ? fetched.value : null;
  const choices = useMemo(() => choicesOf(answer?.after.graph ?? null, []), [answer]);
  const back = backOf(state);
  const setBack = (value: (typeof BACK)[number]['value']) => {
    const now = Date.now();
    if (value === 'previous') update({ before: null });
    else if (value === 'day') update({ before: earlier(after, DAY_MILLIS, now) });
    else if (value === 'week') update({ before: earlier(after, 7 * DAY_MILLIS, now) });
    else {
      const span = spansOf(state, now).before;
      update({ before: fixedRange(span.from, span.to, now) });
    }
  };
  const zoom = (side: 'before' | 'after') => (span: Span) => update({ [side]: fixedRange(span.from, span.to, Date.now()) });
  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">Compare two times</h1>
      <div className={styles.bar} role="search" aria-label="Filter the comparison">
        <FilterPickers filters={filters} tally={choices} onFilters={changeFilters} />
        {isFiltering(filters) && (
          <Button quiet icon="close" title="Clear all filters (x)" onClick={() => update({ filters: NO_FILTERS })}>
            Clear
          </Button>
        )}
        <span className={styles.end}>
          <Button pressed={all} title="Also connections that stayed as they were (a)" onClick={() => update({ all: !all })}>
            Show unchanged
          </Button>
        </span>
        <FilterChips filters={filters} onFilters={changeFilters} />
      </div>
      <div className={styles.strips}>
        <section aria-label="Before">
          <header>
            <h2>Before</h2>
            <Choice label="Compare with" options={BACK} value={back} onChange={setBack} />
            {before && <RangeMenu range={before} onRange={(range) => update({ before: range })} edge="start" />}
            <Length span={answer?.before.span} />
          </header>
          <DensityStrip density={answer?.before.density ?? null} label="The time before" onZoom={zoom('before')} />
        </section>
        <section aria-label="After">
          <header>
            <h2>After</h2>
            <RangeMenu range={after} onRange={changeAfter} edge="start" />
            <Length span={answer?.after.span} />
          </header>
          <DensityStrip density={answer?.after.density ?? null} label="The time after" onZoom={zoom('after')} />
        </section>
      </div>
      {fetched.state === 'failed' && (
        <Notice icon="plug" title="The two times cannot be loaded" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {fetched.state === 'loading' && <Notice icon="pending" title="Comparing">Gathering who talked to whom, in both times.</Notice>}
      {answer && (
        <ChangeTable
          changes={compareGraphs(answer.before.graph, answer.after.graph, { before: lengthOf(answer.before.span), after: lengthOf(answer.after.span) })}
          all={all}
          filters={filters}
          before={{ type: 'fixed', ...answer.before.span }}
          after={{ type: 'fixed', ...answer.after.span }}
        />
      )}
    </main>
  );
}

async function fetchBoth(state: CompareState, filters: string, signal: AbortSignal) {
  const spans = spansOf(state, Date.now());
  const one = async (span: Span) => {
    const [density, graph] = await Promise.all([fetchDensity(span, filters, STEPS, signal), fetchGraph(span, filters, 'workload', [], signal)]);
    return { span, density, graph };
  };
  const [before, after] = await Promise.all([one(spans.before), one(spans.after)]);
  return { before, after };
}

function backOf({ before, after }: CompareState): (typeof BACK)[number]['value'] {
  if (before === null) return 'previous';
  if (before.type === 'fixed' && after.type === 'fixed') {
    const distance = after.from - before.from;
    if (distance === DAY_MILLIS) return 'day';
    if (distance === 7 * DAY_MILLIS) return 'week';
  }
  return 'own';
}

function lengthOf({ from, to }: Span): number {
  return Math.max(1, to - from);
}

function Length({ span }: { readonly span: Span | undefined }) {
  return <span className={styles.length}>{span && formatDuration(lengthOf(span))}</span>;
}
