import { useEffect, useState } from 'react';
import { ApiError } from '../../api/http';
import { fetchStatus, type Status } from './status';

const PERIOD_MILLIS = 5_000;

export interface StatusState {
  /** The last known status; null before the first answer. */
  readonly status: Status | null;
  /** Whether the last question got no answer. */
  readonly stale: boolean;
}

/** Asks again and again, unless the figures, which are of all namespaces, are not for this user. */
export function useStatus(): StatusState {
  const [state, setState] = useState<StatusState>({ status: null, stale: false });
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      fetchStatus(abort.signal).then(
        (status) => setState({ status, stale: false }),
        (problem: unknown) => {
          if (abort.signal.aborted) return;
          if (problem instanceof ApiError && problem.status === 403) clearInterval(timer);
          else setState((last) => ({ ...last, stale: true }));
        },
      );
    };
    const timer = setInterval(ask, PERIOD_MILLIS);
    ask();
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);
  return state;
}
