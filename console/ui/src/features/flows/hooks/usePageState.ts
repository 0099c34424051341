import { useCallback, useEffect, useState } from 'react';
import { formatState, parseState, type PageState } from '../filters/url';

/**
 * The page's state, kept in the address. Opening a flow makes an entry in the history, so that Back
 * closes it; all else replaces the current one.
 */
export function usePageState() {
  const [state, setState] = useState(() => parseState(location.search));
  useEffect(() => {
    const onPopState = () => setState(parseState(location.search));
    window.addEventListener('popstate', onPopState);
    return () => window.removeEventListener('popstate', onPopState);
  }, []);
  const update = useCallback((patch: Partial<PageState>) => {
    setState((last) => ({ ...last, ...patch }));
  }, []);
  useEffect(() => {
    const query = formatState(state);
    if (query === location.search) return;
    const opens = state.selected !== null && parseState(location.search).selected === null;
    history[opens ? 'pushState' : 'replaceState'](null, '', location.pathname + query);
  }, [state]);
  return [state, update] as const;
}
