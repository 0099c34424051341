import { useMemo, useRef, useState } from 'react';
import { Link } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { Picker } from '../../../design/Picker';
import { SearchField } from '../../../design/SearchField';
import { Segmented } from '../../../design/Segmented';
import { plural } from '../../../format/text';
import bars from '../../flows/components/FilterBar.module.css';
import pages from '../../flows/components/FlowsPage.module.css';
import live from '../../flows/components/LiveControl.module.css';
import { targetText, traceHref, type Call } from '../api';
import shared from '../agents.module.css';
import { haystack } from '../words';
import { CallDetails } from './CallDetails';
import { CallTable } from './CallTable';
import styles from './CallTable.module.css';
import type { CallSnapshot } from './CallFeed';
import { CALLS_CODEC, FIELDS, isFiltering, NO_FILTERS, serverQuery } from './state';
import { useCalls } from './useCalls';

const VERDICTS = [
  { value: '', label: 'All' },
  { value: 'permit', label: 'Permitted' },
  { value: 'deny', label: 'Denied' },
  { value: 'hold', label: 'Held' },
] as const;

const VALUES: Readonly<Record<(typeof FIELDS)[number], (call: Call) => readonly string[]>> = {
  agent: (call) => call.chain,
  user: (call) => (call.user.subject === '' ? [] : [call.user.subject]),
  target: (call) => [targetText(call.target)],
  policy: (call) => call.policies,
};

/** The calls of agents as they are decided. */
export function CallsPage() {
  const [state, update] = useUrlState(CALLS_CODEC);
  const query = useMemo(() => serverQuery(state), [state.agent, state.user, state.target, state.policy, state.verdict]);
  const { feed, snapshot } = useCalls(query);
  const [cursor, setCursor] = useState<number | null>(state.open);
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  useTitle('Calls');

  const shown = useMemo(() => {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    return words.length === 0 ? snapshot.calls : snapshot.calls.filter((call) => words.every((word) => haystack(call).includes(word)));
  }, [snapshot.calls, state.text]);
  const open = state.open === null ? undefined : snapshot.calls.find(({ sequence }) => sequence === state.open);

  const show = (sequence: number) => {
    setCursor(sequence);
    update({ open: sequence });
  };
  const close = () => {
    update({ open: null });
    grid.current?.focus();
  };
  /** With the panel open, it follows the cursor. */
  const moveTo = (index: number) => {
    const call = shown[Math.max(0, Math.min(index, shown.length - 1))];
    if (!call) return;
    setCursor(call.sequence);
    if (state.open !== null) update({ open: call.sequence });
    grid.current?.focus({ preventScroll: true });
  };
  const moveBy = (step: number) => {
    const index = shown.findIndex(({ sequence }) => sequence === cursor);
    moveTo(index < 0 ? 0 : index + step);
  };
  const clear = () => update(NO_FILTERS);
  useShortcuts({
    '/': () => search.current?.select(),
    j: () => moveBy(1),
    ArrowDown: () => moveBy(1),
    k: () => moveBy(-1),
    ArrowUp: () => moveBy(-1),
    PageDown: () => moveBy(20),
    PageUp: () => moveBy(-20),
    Home: () => moveTo(0),
    End: () => moveTo(shown.length - 1),
    Enter: () => cursor !== null && show(cursor),
    Escape: () => state.open !== null && close(),
    p: () => feed.setPaused(!snapshot.paused),
    x: clear,
  });

  return (
    <main className={pages.page}>
      <h1 className="visually-hidden">Calls</h1>
      <div className={pages.list}>
        <div className={bars.bar} role="search" aria-label="Filter the calls">
          <Segmented label="Verdict" options={VERDICTS} value={state.verdict as (typeof VERDICTS)[number]['value']} onChange={(verdict) => update({ verdict })} />
          {FIELDS.map((field) => (
            <Picker
              key={field}
              label={field[0]!.toUpperCase() + field.slice(1)}
              options={() => optionsOf(snapshot.calls, VALUES[field])}
              chosen={state[field] === '' ? [] : [state[field]]}
              describe={(value) => ({ value, label: value })}
              onToggle={(value) => update({ [field]: state[field] === value ? '' : value })}
              emptyText="No call has one yet."
              free={(text) => text}
            />
          ))}
          <SearchField ref={search} label="Search in the calls" placeholder="Words" value={state.text} onChange={(text) => update({ text })} onLeave={() => grid.current?.focus()} />
          {isFiltering(state) && (
            <Button quiet icon="close" title="Clear all filters (x)" onClick={clear}>
              Clear
            </Button>
          )}
          <span className={bars.end}>
            <span className={bars.count} role="status">
              {plural(shown.length, 'call')}
            </span>
            <Live snapshot={snapshot} onPause={() => feed.setPaused(!snapshot.paused)} />
          </span>
        </div>
        {snapshot.connection.state === 'lost' && <Banner icon="plug">The stream of calls broke off: {snapshot.connection.reason}. It is tried again by itself.</Banner>}
        {snapshot.problem !== '' && <Banner icon="warn">Older calls cannot be loaded: {snapshot.problem}.</Banner>}
        {shown.length === 0 ? (
          <Empty snapshot={snapshot} filtering={isFiltering(state)} onClear={clear} />
        ) : (
          <CallTable ref={grid} calls={shown} cursor={cursor} open={state.open} onOpen={show} />
        )}
        {snapshot.calls.length > 0 && snapshot.more && (
          <div className={styles.more}>
            <Button onClick={() => void feed.loadOlder()}>Older calls</Button>
          </div>
        )}
      </div>
      {open && (
        <aside className={styles.panel} aria-label="Call" data-scrolls>
          <header>
            <h2>
              {open.agent} → {targetText(open.target)}
            </h2>
            <Button quiet icon="close" aria-label="Close (Esc)" onClick={close} />
          </header>
          <p>
            <Link className={shared.link} href={traceHref(open)}>
              The whole trace
            </Link>
          </p>
          <CallDetails call={open} />
        </aside>
      )}
    </main>
  );
}

function optionsOf(calls: readonly Call[], values: (call: Call) => readonly string[]) {
  const counts = new Map<string, number>();
  for (const call of calls) for (const value of new Set(values(call))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([value, count]) => ({ value, label: value, count }));
}

function Live({ snapshot: { connection, paused, waiting }, onPause }: { readonly snapshot: CallSnapshot; readonly onPause: () => void }) {
  const state = paused ? 'paused' : connection.state;
  const words = { live: 'Live', connecting: 'Connecting', lost: 'Disconnected', paused: 'Paused' } as const;
  return (
    <div className={live.control}>
      <span className={live.state} data-state={state}>
        <i />
        {words[state]}
        {waiting > 0 && `, ${waiting} waiting`}
      </span>
      <Button icon={paused ? 'play' : 'pause'} pressed={paused} title={paused ? 'Go on (p)' : 'Hold the list (p)'} onClick={onPause}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  );
}

function Empty({ snapshot, filtering, onClear }: { readonly snapshot: CallSnapshot; readonly filtering: boolean; readonly onClear: () => void }) {
  if (filtering) {
    return (
      <Notice icon="search" title="No call matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        New ones appear here as they come.
      </Notice>
    );
  }
  return (
    <Notice icon="pending" title={snapshot.connection.state === 'live' ? 'No agent has called anything yet' : 'Loading'}>
      Each call is here as soon as it is decided and recorded.
    </Notice>
  );
}
