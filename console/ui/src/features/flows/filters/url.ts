import { NO_FILTERS, type Filters } from './filters';
import { NEWEST_FIRST, SORT_COLUMNS, type Order, type SortColumn } from './order';

/** Everything about the page that a link can carry to a colleague. */
export interface PageState {
  readonly filters: Filters;
  readonly order: Order;
  /** The id of the flow whose verdict is open. */
  readonly selected: string | null;
}

export const INITIAL_STATE: PageState = { filters: NO_FILTERS, order: NEWEST_FIRST, selected: null };

/** Reads a query string. What it does not understand it leaves at the default. */
export function parseState(query: string): PageState {
  const params = new URLSearchParams(query);
  const verdict = params.get('verdict');
  const reporter = params.get('reporter');
  return {
    filters: {
      verdict: verdict === 'allow' || verdict === 'deny' ? verdict : 'any',
      differs: params.get('pending') === 'differs',
      reporter: reporter === 'src' || reporter === 'dst' ? reporter : 'any',
      namespaces: unique(params.getAll('namespace')),
      policies: unique(params.getAll('policy')),
      text: params.get('q') ?? '',
    },
    order: parseOrder(params.get('sort')),
    selected: params.get('flow'),
  };
}

/** Writes the query string, without what is at its default; empty for the initial state. */
export function formatState(state: PageState): string {
  const { filters, order, selected } = state;
  const params = new URLSearchParams();
  if (filters.verdict !== 'any') params.set('verdict', filters.verdict);
  if (filters.differs) params.set('pending', 'differs');
  if (filters.reporter !== 'any') params.set('reporter', filters.reporter);
  filters.namespaces.forEach((namespace) => params.append('namespace', namespace));
  filters.policies.forEach((policy) => params.append('policy', policy));
  if (filters.text.trim() !== '') params.set('q', filters.text);
  if (order.column !== NEWEST_FIRST.column || order.descending !== NEWEST_FIRST.descending) {
    params.set('sort', (order.descending ? '-' : '') + order.column);
  }
  if (selected !== null) params.set('flow', selected);
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

function parseOrder(sort: string | null): Order {
  const descending = sort?.startsWith('-') ?? false;
  const column = descending ? sort!.slice(1) : sort;
  return SORT_COLUMNS.includes(column as SortColumn) ? { column: column as SortColumn, descending } : NEWEST_FIRST;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
