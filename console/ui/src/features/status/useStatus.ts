import { useEffect, useState } from 'react';
import { fetchStatus, type Status } from './status';

const PERIOD_MILLIS = 5_000;

export interface StatusState {
  /** The last known status; null before the first answer. */
  readonly status: Status | null;
  /** Whether the last question got no answer. */
  readonly stale: boolean;
}

export function useStatus(): StatusState {
  const [state, setState] = useState<StatusState>({ status: null, stale: false });
  useEffect(() => {
    const abort = new AbortController();
    const ask = () => {
      fetchStatus(abort.signal).then(
        (status) => setState({ status, stale: false }),
        () => !abort.signal.aborted && setState((last) => ({ ...last, stale: true })),
      );
    };
    ask();
    const timer = setInterval(ask, PERIOD_MILLIS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);
  return state;
}
