import { useEffect, useState } from 'react';
import { formatRange, spanOf, type Range } from '../flows/filters/range';
import { fetchDensity, type Density } from './api';

const STEPS = 180;
const REFRESH_MILLIS = 4_000;

export interface DensityState {
  /** The last answer, also while the next one is on its way; null before the first. */
  readonly density: Density | null;
  /** Empty if the last question was answered. */
  readonly problem: string;
}

/**
 * The strip of a range. A live range is asked again every few seconds while the page is in sight.
 *
 * @param filters in the server's form
 * @param steady do not ask again: the page is paused
 */
export function useDensity(range: Range, filters: string, steady: boolean): DensityState {
  const [answer, setAnswer] = useState<DensityState>({ density: null, problem: '' });
  const key = formatRange(range);
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      if (document.hidden) return;
      fetchDensity(spanOf(range, Date.now()), filters, STEPS, abort.signal).then(
        (density) => !abort.signal.aborted && setAnswer({ density, problem: '' }),
        (problem: unknown) => {
          if (!abort.signal.aborted) setAnswer((last) => ({ ...last, problem: problem instanceof Error ? problem.message : String(problem) }));
        },
      );
    };
    ask();
    const timer = range.type === 'live' && !steady ? setInterval(ask, REFRESH_MILLIS) : undefined;
    return () => {
      clearInterval(timer);
      abort.abort();
    };
    // The key stands for the range.
  }, [key, filters, steady]);
  return answer;
}
