import { useEffect, useState } from 'react';

export type Fetched<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly reason: string };

/**
 * Loads something. Another `key` is something else; another `version` of the same key loads it again and
 * shows the old answer until the new one is there. An answer that comes too late is dropped.
 */
export function useFetched<T>(key: string, version: string, load: (signal: AbortSignal) => Promise<T>): Fetched<T> {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly result: Fetched<T> } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => setAnswer({ key, result: { state: 'done', value } }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        setAnswer({ key, result: { state: 'failed', reason: problem instanceof Error ? problem.message : String(problem) } });
      },
    );
    return () => abort.abort();
    // `load` is a new function each time; the key says what it loads.
  }, [key, version]);
  return answer?.key === key ? answer.result : { state: 'loading' };
}
