import { useCallback, useEffect, useRef, useState } from 'react';
import { currentPlace, navigate, usePlace } from './router';

/** Browsers refuse more than 200 changes of the address in 10 seconds; a held arrow key makes 30 a second. */
const WRITE_MILLIS = 120;

interface Codec<T> {
  readonly parse: (query: string) => T;
  /** With a leading question mark, or empty. */
  readonly format: (state: T) => string;
  /** Whether the change deserves an entry in the history, so that Back undoes it. */
  readonly isStep: (from: T, to: T) => boolean;
}

/** A page's state, kept in the query of the address; `codec` must stay the same. */
export function useUrlState<T>(codec: Codec<T>) {
  const { path, query } = usePlace();
  const own = useRef(path);
  const [state, setState] = useState(() => codec.parse(query));
  const written = useRef(codec.format(state));

  // Somebody else has changed the address: Back, Forward or a link.
  useEffect(() => {
    if (path !== own.current) return;
    const next = codec.parse(query);
    if (codec.format(next) === written.current) return;
    written.current = codec.format(next);
    setState(next);
  }, [codec, path, query]);

  useEffect(() => {
    const wanted = codec.format(state);
    if (wanted === written.current) return;
    const write = () => {
      if (currentPlace().path !== own.current) return;
      const step = codec.isStep(codec.parse(written.current), state);
      written.current = wanted;
      navigate(own.current + wanted, step ? 'push' : 'replace');
    };
    const timer = setTimeout(write, WRITE_MILLIS);
    return () => clearTimeout(timer);
  }, [codec, state]);

  const update = useCallback((patch: Partial<T>) => setState((last) => ({ ...last, ...patch })), []);
  return [state, update] as const;
}
