/** Which time a page shows. */
export type Range =
  /** The newest `seconds`, as they come in. */
  | { readonly type: 'live'; readonly seconds: number }
  /** From the history, `from` included, `to` not; epoch milliseconds. */
  | { readonly type: 'fixed'; readonly from: number; readonly to: number };

export const LIVE: Range = { type: 'live', seconds: 3_600 };

/** The stream begins with at most this much of the past. */
export const MAX_STREAM_SECONDS = 3_600;

/** Buckets cannot be split: a shorter range would show nothing or everything of one. */
export const MIN_RANGE_MILLIS = 60_000;

export const PRESETS = [
  { seconds: 900, label: '15 min' },
  { seconds: 3_600, label: '1 h' },
  { seconds: 6 * 3_600, label: '6 h' },
  { seconds: 86_400, label: '1 day' },
  { seconds: 7 * 86_400, label: '7 days' },
  { seconds: 30 * 86_400, label: '30 days' },
] as const;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The range in epoch milliseconds, seen at `now`. */
export function spanOf(range: Range, now: number): Span {
  return range.type === 'fixed' ? { from: range.from, to: range.to } : { from: now - range.seconds * 1000, to: now };
}

/** A fixed range that is neither turned around, nor too short, nor in the future. */
export function fixedRange(from: number, to: number, now: number): Range {
  const begin = Math.min(from, to);
  const end = Math.min(Math.max(from, to), now);
  const middle = (begin + end) / 2;
  const half = Math.max(end - begin, MIN_RANGE_MILLIS) / 2;
  const last = Math.min(Math.round(middle + half), now);
  return { type: 'fixed', from: Math.round(last - 2 * half), to: last };
}

/** Twice the time around the same middle; what would reach into the future is shifted into the past. */
export function zoomedOut(range: Range, now: number): Range {
  const { from, to } = spanOf(range, now);
  const half = (to - from) / 2;
  return fixedRange(from - half, Math.min(to + half, now), now);
}

/** The neighbouring time of the same length. */
export function shifted(range: Range, direction: -1 | 1, now: number): Range {
  const { from, to } = spanOf(range, now);
  const length = to - from;
  const end = Math.min(to + (direction * length) / 2, now);
  return fixedRange(end - length, end, now);
}

/** `1h`, or `2026-11-21T10:00:00Z_2026-11-21T11:00:00Z`; empty for the usual range. */
export function formatRange(range: Range): string {
  if (range.type === 'fixed') return `${instant(range.from)}_${instant(range.to)}`;
  return range.seconds === (LIVE as { seconds: number }).seconds ? '' : `${range.seconds}s`;
}

/** What it does not understand is the usual range. */
export function parseRange(text: string | null): Range {
  const seconds = /^(\d+)s$/.exec(text ?? '');
  if (seconds && Number(seconds[1]) > 0) return { type: 'live', seconds: Number(seconds[1]) };
  const [from, to] = (text ?? '').split('_').map((part) => Date.parse(part));
  if (from !== undefined && to !== undefined && from < to) return { type: 'fixed', from, to };
  return LIVE;
}

function instant(millis: number): string {
  return new Date(Math.round(millis / 1000) * 1000).toISOString().replace('.000', '');
}
