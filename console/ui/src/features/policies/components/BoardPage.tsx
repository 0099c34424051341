import { useCallback, useRef, useState } from 'react';
import { policyHref } from '../../../app/pages';
import { Link, navigate } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { Segmented } from '../../../design/Segmented';
import { SearchField } from '../../../design/SearchField';
import { formatRange, parseRange, type Range } from '../../flows/filters/range';
import { useNow } from '../../flows/hooks/useNow';
import { mayEdit } from '../../session/session';
import { useSession } from '../../session/useSession';
import { RangeMenu, rangeShortcuts } from '../../time/components/RangeMenu';
import type { BoardPolicy } from '../api';
import { useBoard } from '../hooks/useBoard';
import { useReorder } from '../hooks/useReorder';
import { ALL_POLICIES, filtered, keyOf, neighbour, placeOf, type BoardFilter } from '../model/board';
import styles from './BoardPage.module.css';
import { cardId } from './PolicyCard';
import { TierColumn } from './TierColumn';

interface BoardPageState {
  readonly filter: BoardFilter;
  readonly range: Range;
}

const SHOWS = [
  { value: 'all', label: 'All' },
  { value: 'staged', label: 'Staged' },
  { value: 'denying', label: 'Denying' },
  { value: 'unused', label: 'Not used' },
] as const;

const CODEC = {
  parse(query: string): BoardPageState {
    const params = new URLSearchParams(query);
    const show = SHOWS.find(({ value }) => value === params.get('show'))?.value ?? 'all';
    return { filter: { text: params.get('q') ?? '', show }, range: parseRange(params.get('range')) };
  },
  format({ filter, range }: BoardPageState): string {
    const params = new URLSearchParams();
    if (filter.text.trim() !== '') params.set('q', filter.text);
    if (filter.show !== 'all') params.set('show', filter.show);
    if (formatRange(range) !== '') params.set('range', formatRange(range));
    return params.size === 0 ? '' : `?${params}`;
  },
  isStep: () => false,
};

/** Tiers as columns in the order of evaluation, and in each its policies in their order. */
export function BoardPage() {
  const [{ filter, range }, update] = useUrlState(CODEC);
  const { tiers, problem, reload } = useBoard(range);
  const editing = mayEdit(useSession());
  const [current, setCurrent] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const now = useNow(true);
  useTitle('Policies');
  const changeRange = useCallback((next: Range) => update({ range: next }), [update]);

  const shown = tiers && filtered(tiers, filter);
  const focus = (policy: BoardPolicy | undefined) => {
    if (!policy) return;
    setCurrent(keyOf(policy));
    const card = document.getElementById(cardId(keyOf(policy)));
    card?.focus();
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const reorder = useReorder(tiers, reload, (policy) => setCurrent(keyOf(policy)));
  const go = (key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight') => (event: KeyboardEvent) => {
    if (!shown) return;
    if (event.shiftKey && (key === 'ArrowUp' || key === 'ArrowDown')) reorder.step(current, key === 'ArrowUp' ? -1 : 1);
    else focus(neighbour(shown, placeOf(shown, current), key));
  };
  const openCurrent = (tab: string) => () => current !== null && navigate(policyHref(current) + tab);
  useShortcuts({
    ...rangeShortcuts(range, changeRange),
    '/': () => search.current?.select(),
    ArrowUp: go('ArrowUp'),
    ArrowDown: go('ArrowDown'),
    ArrowLeft: go('ArrowLeft'),
    ArrowRight: go('ArrowRight'),
    Enter: openCurrent(''),
    e: openCurrent('&edit=1'),
    n: () => editing && navigate('/policy?new=1'),
    x: () => update({ filter: ALL_POLICIES }),
  });

  const first = shown?.find((tier) => tier.policies.length > 0)?.policies[0];
  const cursor = current ?? (first ? keyOf(first) : null);
  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">Policy board</h1>
      <div className={styles.bar} role="search" aria-label="Filter policies">
        <SearchField
          ref={search}
          label="Search in the policies"
          placeholder="Name, namespace, label=value"
          value={filter.text}
          onChange={(text) => update({ filter: { ...filter, text } })}
          onLeave={() => focus(first)}
        />
        <Segmented label="Show" options={SHOWS} value={filter.show} onChange={(show) => update({ filter: { ...filter, show } })} />
        <span className={styles.end}>
          <Link href="/policies/unused" title="Policies and rules that nothing used for long (g u)">
            Unused rules
          </Link>
          <span className={styles.hint}>counts of</span>
          <RangeMenu range={range} onRange={changeRange} />
          <Button primary icon="plus" disabled={!editing} title={editing ? 'New policy (n)' : 'You may not change policies'} onClick={() => navigate('/policy?new=1')}>
            New policy
          </Button>
        </span>
      </div>
      {problem !== '' && tiers && <Banner icon="plug">The board is from before: {problem}.</Banner>}
      {reorder.problem !== '' && (
        <Banner icon="warn" action={<Button onClick={reorder.forget}>Close</Button>}>
          The policy was not moved: {reorder.problem}
        </Banner>
      )}
      {!shown && problem === '' && <BoardSkeleton />}
      {!tiers && problem !== '' && (
        <Notice icon="plug" title="The policies cannot be loaded" action={<Button onClick={reload}>Try again</Button>}>
          {problem}.
        </Notice>
      )}
      {tiers?.length === 0 && (
        <Notice icon="plus" title="There are no policies yet" action={<Button onClick={() => navigate('/policy?new=1')}>Write the first one</Button>}>
          Without policies, what the namespaces’ profiles allow is allowed. Begin with a staged policy: it changes nothing until you enforce it.
        </Notice>
      )}
      {shown && shown.length > 0 && (
        <div className={styles.board} data-board>
          {shown.map((tier, index) => (
            <TierColumn
              key={tier.name}
              tier={tier}
              position={index + 1}
              current={cursor}
              now={now}
              filtering={filter.text.trim() !== '' || filter.show !== 'all'}
              dragged={reorder.dragged && tier.policies.includes(reorder.dragged) ? reorder.dragged : null}
              dropBefore={reorder.dragged && tier.policies.includes(reorder.dragged) ? reorder.dropBefore : undefined}
              onCurrent={setCurrent}
              onDrag={reorder.drag}
              onDropBefore={reorder.over}
              onDrop={reorder.drop}
            />
          ))}
        </div>
      )}
      <p className={styles.keys}>
        <kbd>←</kbd>
        <kbd>→</kbd>
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose · <kbd>Enter</kbd> open · <kbd>e</kbd> edit · <kbd>Shift</kbd> <kbd>↑</kbd>
        <kbd>↓</kbd> or drag: move within the tier
      </p>
    </main>
  );
}

function BoardSkeleton() {
  return (
    <div className={styles.board} role="status" aria-label="Loading policies">
      {[3, 2, 4].map((cards, column) => (
        <div key={column} className={styles.skeleton}>
          {Array.from({ length: cards }, (_, card) => (
            <i key={card} />
          ))}
        </div>
      ))}
    </div>
  );
}
