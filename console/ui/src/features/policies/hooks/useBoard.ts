import { useCallback } from 'react';
import { usePolled } from '../../../api/usePolled';
import { formatRange, spanOf, type Range } from '../../flows/filters/range';
import { fetchBoard } from '../api';

const REFRESH_MILLIS = 10_000;

/** The board, asked again from time to time while it is in sight, and after each change. */
export function useBoard(range: Range) {
  const key = formatRange(range);
  // The key stands for the range.
  const load = useCallback((signal: AbortSignal) => fetchBoard(spanOf(range, Date.now()), signal), [key]);
  const { value, problem, reload } = usePolled(load, REFRESH_MILLIS);
  return { tiers: value, problem, reload } as const;
}
