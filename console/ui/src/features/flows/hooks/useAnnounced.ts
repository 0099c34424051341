import { useEffect, useRef, useState } from 'react';

/** Long enough for the list to have settled after a key stroke. */
const SETTLE_MILLIS = 800;

/**
 * A text for a live region: it changes once after each change of `cause`, not with every flow that
 * comes in, which would drown out everything else in a screen reader.
 */
export function useAnnounced(text: string, cause: unknown): string {
  const [announced, setAnnounced] = useState('');
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  useEffect(() => {
    const timer = setTimeout(() => setAnnounced(latest.current), SETTLE_MILLIS);
    return () => clearTimeout(timer);
  }, [cause]);
  return announced;
}
