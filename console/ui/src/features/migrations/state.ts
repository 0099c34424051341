import type { Migration } from './api';

/** What the page shows, as the address has it. */
export interface MigrationsState {
  /** The longest gap that is good enough. */
  readonly gapMillis: number;
  readonly show: 'all' | 'running' | 'failed';
  readonly text: string;
}

export const USUAL_GAP_MILLIS = 20;
const GAPS = [5, 20, 100, 500] as const;

export const MIGRATIONS_CODEC = {
  parse(query: string): MigrationsState {
    const params = new URLSearchParams(query);
    const gap = Number(params.get('gap') ?? USUAL_GAP_MILLIS);
    const show = params.get('show');
    return {
      gapMillis: Number.isInteger(gap) && gap > 0 && gap <= 60_000 ? gap : USUAL_GAP_MILLIS,
      show: show === 'running' || show === 'failed' ? show : 'all',
      text: params.get('q') ?? '',
    };
  },
  format({ gapMillis, show, text }: MigrationsState): string {
    const params = new URLSearchParams();
    if (gapMillis !== USUAL_GAP_MILLIS) params.set('gap', String(gapMillis));
    if (show !== 'all') params.set('show', show);
    if (text.trim() !== '') params.set('q', text);
    return params.size === 0 ? '' : `?${params}`;
  },
  isStep: () => false,
};

/** The targets to choose from, that of the address among them. */
export function gapChoices(gapMillis: number) {
  return [...new Set([...GAPS, gapMillis])].sort((a, b) => a - b).map((millis) => ({ value: String(millis), label: `within ${millis} ms` }));
}

export function shownOf(items: readonly Migration[], { show, text }: MigrationsState): readonly Migration[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((migration) => isShown(migration, show) && words.every((word) => textOf(migration).includes(word)));
}

function isShown({ phase }: Migration, show: MigrationsState['show']): boolean {
  if (show === 'failed') return phase === 'failed';
  return show === 'all' || !isFinal(phase);
}

export function isFinal(phase: Migration['phase']): boolean {
  return phase === 'succeeded' || phase === 'failed';
}

function textOf({ namespace, machine, name, source, target, reason }: Migration): string {
  return `${namespace}/${machine} ${name} ${source.node} ${target.node} ${reason}`.toLowerCase();
}
