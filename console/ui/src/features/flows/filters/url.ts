import { NO_FILTERS, type Filters } from './filters';
import { NEWEST_FIRST, SORT_COLUMNS, type Order, type SortColumn } from './order';
import { parsePolicyMatch } from './policies';
import { parsePort, portText } from './ports';
import { formatRange, LIVE, parseRange, type Range } from './range';

/** Everything about the page that a link can carry to a colleague. */
export interface PageState {
  readonly filters: Filters;
  readonly range: Range;
  readonly order: Order;
  /** The id of the flow whose verdict is open. */
  readonly selected: string | null;
  readonly tab: PanelTab;
}

/** The parts of the panel beside the list. */
export type PanelTab = 'why' | 'fix' | 'details' | 'json';

export const INITIAL_STATE: PageState = { filters: NO_FILTERS, range: LIVE, order: NEWEST_FIRST, selected: null, tab: 'why' };

/** The names of the list fields in the address. */
const LISTS = { namespace: 'namespaces', source: 'sources', dest: 'dests', port: 'ports', policy: 'policies' } as const;

/** Reads a query string. What it does not understand it leaves at the default. */
export function parseState(query: string): PageState {
  const params = new URLSearchParams(query);
  return {
    filters: parseFilters(params),
    range: parseRange(params.get('range')),
    order: parseOrder(params.get('sort')),
    selected: params.get('flow'),
    tab: oneOf(params.get('tab'), ['fix', 'details', 'json']) ?? 'why',
  };
}

export function parseFilters(params: URLSearchParams): Filters {
  return {
    verdict: oneOf(params.get('verdict'), ['allow', 'deny']) ?? 'any',
    pending: oneOf(params.get('pending'), ['allow', 'deny', 'differs']) ?? 'any',
    reporter: oneOf(params.get('reporter'), ['src', 'dst']) ?? 'any',
    namespaces: unique(params.getAll('namespace')),
    sources: unique(params.getAll('source')),
    dests: unique(params.getAll('dest')),
    ports: unique(params.getAll('port').map(normalPort)),
    policies: unique(params.getAll('policy')).filter((text) => parsePolicyMatch(text) !== null),
    text: params.get('q') ?? '',
  };
}

/** Writes the query string, without what is at its default; empty for the initial state. */
export function formatState(state: PageState): string {
  const params = new URLSearchParams();
  putFilters(params, state.filters);
  const range = formatRange(state.range);
  if (range !== '') params.set('range', range);
  const { column, descending } = state.order;
  if (column !== NEWEST_FIRST.column || descending !== NEWEST_FIRST.descending) params.set('sort', (descending ? '-' : '') + column);
  if (state.selected !== null) {
    params.set('flow', state.selected);
    if (state.tab !== 'why') params.set('tab', state.tab);
  }
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

export function putFilters(params: URLSearchParams, filters: Filters): void {
  if (filters.verdict !== 'any') params.set('verdict', filters.verdict);
  if (filters.pending !== 'any') params.set('pending', filters.pending);
  if (filters.reporter !== 'any') params.set('reporter', filters.reporter);
  for (const [name, field] of Object.entries(LISTS)) filters[field].forEach((value) => params.append(name, value));
  if (filters.text.trim() !== '') params.set('q', filters.text);
}

/** The address of the flows page with these filters, for links from other pages. */
export function flowsHref(filters: Partial<Filters>, range: Range = LIVE): string {
  return `/${formatState({ ...INITIAL_STATE, filters: { ...NO_FILTERS, ...filters }, range })}`;
}

function parseOrder(sort: string | null): Order {
  const descending = sort?.startsWith('-') ?? false;
  const column = descending ? sort!.slice(1) : sort;
  return SORT_COLUMNS.includes(column as SortColumn) ? { column: column as SortColumn, descending } : NEWEST_FIRST;
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | null {
  return allowed.find((other) => other === value) ?? null;
}

function normalPort(text: string): string {
  const match = parsePort(text);
  return match ? portText(match) : '';
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
