import { useCallback, useEffect, useState } from 'react';

export interface Polled<T> {
  /** The last answer; null before the first. */
  readonly value: T | null;
  /** Why the last question was not answered; else empty. */
  readonly problem: string;
  readonly reload: () => void;
}

/** Asks again and again while the page is in sight; `load` must be the same function each time. */
export function usePolled<T>(load: (signal: AbortSignal) => Promise<T>, periodMillis: number): Polled<T> {
  const [state, setState] = useState<{ readonly value: T | null; readonly problem: string }>({ value: null, problem: '' });
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      if (document.hidden) return;
      load(abort.signal).then(
        (value) => !abort.signal.aborted && setState({ value, problem: '' }),
        (problem: unknown) => {
          if (!abort.signal.aborted) setState((last) => ({ ...last, problem: problem instanceof Error ? problem.message : String(problem) }));
        },
      );
    };
    ask();
    const timer = setInterval(ask, periodMillis);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [load, periodMillis, version]);
  const reload = useCallback(() => setVersion((last) => last + 1), []);
  return { ...state, reload };
}
