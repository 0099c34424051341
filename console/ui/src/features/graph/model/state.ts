import type { Filters } from '../../flows/filters/filters';
import { formatRange, parseRange, type Range } from '../../flows/filters/range';
import { parseFilters, putFilters } from '../../flows/filters/url';
import type { GraphLevel } from '../api';

export interface GraphState {
  readonly filters: Filters;
  readonly range: Range;
  readonly level: GraphLevel;
  /** Namespaces that are shown workload by workload. */
  readonly open: readonly string[];
  /** The id of the chosen node. */
  readonly node: string | null;
}

export const GRAPH_CODEC = {
  parse(query: string): GraphState {
    const params = new URLSearchParams(query);
    const level = params.get('level');
    return {
      filters: parseFilters(params),
      range: parseRange(params.get('range')),
      level: level === 'workload' || level === 'service' ? level : 'namespace',
      open: [...new Set(params.getAll('open'))].sort(),
      node: params.get('node'),
    };
  },
  format({ filters, range, level, open, node }: GraphState): string {
    const params = new URLSearchParams();
    putFilters(params, filters);
    if (formatRange(range) !== '') params.set('range', formatRange(range));
    if (level !== 'namespace') params.set('level', level);
    open.forEach((namespace) => params.append('open', namespace));
    if (node !== null) params.set('node', node);
    return params.size === 0 ? '' : `?${params}`;
  },
  /** Opening and closing namespaces, and another time, are undone by Back. */
  isStep: (from: GraphState, to: GraphState) => from.open.join() !== to.open.join() || from.level !== to.level || formatRange(from.range) !== formatRange(to.range),
};
