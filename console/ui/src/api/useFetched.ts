import { useCallback, useEffect, useState } from 'react';
import { ApiError } from './http';

export type Fetched<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'done'; readonly value: T }
  | Failed;

export interface Failed {
  readonly state: 'failed';
  readonly reason: string;
  /** The server answered, and says that there is no such thing. */
  readonly missing: boolean;
  readonly retry: () => void;
}

/**
 * Loads something. Another `key` is something else; another `version` of the same key loads it again and
 * shows the old answer until the new one is there. An answer that comes too late is dropped.
 */
export function useFetched<T>(key: string, version: string, load: (signal: AbortSignal) => Promise<T>): Fetched<T> {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly result: Fetched<T> } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => {
    setAnswer(null);
    setAttempt((last) => last + 1);
  }, []);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => setAnswer({ key, result: { state: 'done', value } }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const reason = problem instanceof Error ? problem.message : String(problem);
        const missing = problem instanceof ApiError && problem.status === 404;
        setAnswer({ key, result: { state: 'failed', reason, missing, retry } });
      },
    );
    return () => abort.abort();
    // `load` is a new function each time; the key says what it loads.
  }, [key, version, attempt, retry]);
  return answer?.key === key ? answer.result : { state: 'loading' };
}
