import { useRef, useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { policyHref } from '../../../app/pages';
import { navigate } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { plural } from '../../../format/text';
import { policyKey } from '../../flows/model/flow';
import { fetchUses, type PolicyUses } from './api';
import { csvOf } from './csv';
import { KnownTimes } from './KnownTimes';
import { ALL, isFiltering, rowsOf, UNUSED_CODEC, type Row, type UnusedState } from './rows';
import { UnusedFilters } from './UnusedFilters';
import { UseTable } from './UseTable';

/** Policies and rules that nothing used for a time, and who answers for them. */
export function UnusedPage() {
  const [state, update] = useUrlState(UNUSED_CODEC);
  const fetched = useFetched(String(state.days), '', (signal) => fetchUses(state.days, signal));
  const [cursor, setCursor] = useState(-1);
  const search = useRef<HTMLInputElement>(null);
  const uses = fetched.state === 'done' ? fetched.value : null;
  const rows = uses ? rowsOf(uses.policies, state) : [];
  const move = (step: number) => setCursor((last) => Math.max(0, Math.min(last + step, rows.length - 1)));
  const clear = () => update(ALL);
  useTitle('Unused policies');
  useShortcuts({
    '/': () => search.current?.select(),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => rows[cursor] && navigate(policyHref(policyKey(rows[cursor].policy))),
    x: clear,
  });
  return (
    <PageFrame
      parent={{ href: '/policies', label: 'Policies' }}
      title="Unused"
      marks={uses && <span>{plural(rows.length, 'line')}</span>}
      actions={
        <Button icon="down" disabled={rows.length === 0} onClick={() => save(rows, state)}>
          Export CSV
        </Button>
      }
    >
      <UnusedFilters state={state} policies={uses?.policies ?? []} search={search} onChange={update} onLeave={() => setCursor(0)} />
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading">When each policy and rule was last used.</Notice>}
      {fetched.state === 'failed' && (
        <Notice icon="plug" title="The uses cannot be loaded" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {uses && (
        <>
          <KnownTimes uses={uses} days={state.days} />
          {rows.length === 0 ? <Nothing uses={uses} state={state} onClear={clear} /> : <UseTable rows={rows} cursor={cursor} />}
        </>
      )}
    </PageFrame>
  );
}

function Nothing({ uses, state, onClear }: { readonly uses: PolicyUses; readonly state: UnusedState; readonly onClear: () => void }) {
  if (uses.policies.length === 0) {
    return (
      <Notice icon="plus" title="There are no policies">
        Write one on the board; when it decides, passes or logs a flow, that is on record here.
      </Notice>
    );
  }
  return isFiltering(state) ? (
    <Notice icon="search" title="No policy matches" action={<Button onClick={onClear}>Show all</Button>}>
      Of {plural(uses.policies.length, 'policy', 'policies')} none fits these filters.
    </Notice>
  ) : (
    <Notice icon="done" title="Everything was used">
      Every policy and every rule decided, passed or logged a flow in the last {state.days} days.
    </Notice>
  );
}

/** Hands the lines to the browser as a file, named for the owner if there is only one. */
function save(rows: readonly Row[], { owner }: UnusedState): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csvOf(rows)], { type: 'text/csv' }));
  link.download = `unused-policies${owner === '' ? '' : `-${owner.replace(/[^\w.-]+/g, '-')}`}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
