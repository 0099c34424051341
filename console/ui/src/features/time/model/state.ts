import type { Filters } from '../../flows/filters/filters';
import { fixedRange, formatRange, parseRange, spanOf, type Range, type Span } from '../../flows/filters/range';
import { parseFilters, putFilters } from '../../flows/filters/url';

export interface CompareState {
  readonly filters: Filters;
  /** Null for the time just before the other one. */
  readonly before: Range | null;
  readonly after: Range;
  /** Also connections that stayed as they were. */
  readonly all: boolean;
}

export const COMPARE_CODEC = {
  parse(query: string): CompareState {
    const params = new URLSearchParams(query);
    return {
      filters: parseFilters(params),
      before: params.has('before') ? parseRange(params.get('before')) : null,
      after: parseRange(params.get('range')),
      all: params.has('all'),
    };
  },
  format({ filters, before, after, all }: CompareState): string {
    const params = new URLSearchParams();
    putFilters(params, filters);
    if (formatRange(after) !== '') params.set('range', formatRange(after));
    if (before !== null) params.set('before', formatRange(before));
    if (all) params.set('all', '1');
    return params.size === 0 ? '' : `?${params}`;
  },
  isStep: (from: CompareState, to: CompareState) => formatRange(from.after) !== formatRange(to.after),
};

/** Some way back from a time, and of the same length. */
export function earlier(after: Range, byMillis: number, now: number): Range {
  const { from, to } = spanOf(after, now);
  return fixedRange(from - byMillis, to - byMillis, now);
}

export function spansOf({ before, after }: Pick<CompareState, 'before' | 'after'>, now: number): { readonly before: Span; readonly after: Span } {
  const second = spanOf(after, now);
  return { after: second, before: before === null ? { from: second.from - (second.to - second.from), to: second.from } : spanOf(before, now) };
}
