import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { onSignedOut } from '../../api/http';
import { fetchSession, type Session } from './session';

export type SessionState =
  | { readonly state: 'asking' }
  | { readonly state: 'known'; readonly session: Session }
  | { readonly state: 'unreachable'; readonly reason: string };

const RETRY_MILLIS = 3_000;

/** Who uses the page. A server that cannot be reached is asked again, and one that says 401, too. */
export function useSessionState() {
  const [state, setState] = useState<SessionState>({ state: 'asking' });
  const [attempt, setAttempt] = useState(0);
  const ask = useCallback(() => setAttempt((last) => last + 1), []);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    fetchSession(abort.signal).then(
      (session) => setState({ state: 'known', session }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        setState({ state: 'unreachable', reason: problem instanceof Error ? problem.message : String(problem) });
        timer = setTimeout(ask, RETRY_MILLIS);
      },
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [attempt, ask]);
  useEffect(() => onSignedOut(ask), [ask]);
  const adopt = useCallback((session: Session) => setState({ state: 'known', session }), []);
  return { state, adopt, ask } as const;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of the page; only within the pages that need one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('there is no session outside the signed-in pages');
  return session;
}
