import { useCallback, useEffect, useState } from 'react';
import { formatRange, spanOf, type Range } from '../../flows/filters/range';
import { fetchBoard, type BoardTier } from '../api';

const REFRESH_MILLIS = 10_000;

export interface BoardState {
  /** Null before the first answer. */
  readonly tiers: readonly BoardTier[] | null;
  /** Empty if the last question was answered. */
  readonly problem: string;
}

/** The board, asked again from time to time while it is in sight, and after each change. */
export function useBoard(range: Range): BoardState & { readonly reload: () => void } {
  const [state, setState] = useState<BoardState>({ tiers: null, problem: '' });
  const [version, setVersion] = useState(0);
  const key = formatRange(range);
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      if (document.hidden) return;
      fetchBoard(spanOf(range, Date.now()), abort.signal).then(
        (tiers) => !abort.signal.aborted && setState({ tiers, problem: '' }),
        (problem: unknown) => {
          if (!abort.signal.aborted) setState((last) => ({ ...last, problem: problem instanceof Error ? problem.message : String(problem) }));
        },
      );
    };
    ask();
    const timer = setInterval(ask, REFRESH_MILLIS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
    // The key stands for the range.
  }, [key, version]);
  const reload = useCallback(() => setVersion((last) => last + 1), []);
  return { ...state, reload };
}
