import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { CallQuery } from '../api';
import { CallFeed } from './CallFeed';

/** The feed of a query; another query has another one. */
export function useCalls(query: CallQuery) {
  const key = JSON.stringify(query);
  // The key stands for the query.
  const feed = useMemo(() => new CallFeed(query), [key]);
  useEffect(() => {
    feed.open();
    return () => feed.close();
  }, [feed]);
  const snapshot = useSyncExternalStore(feed.subscribe, feed.snapshot);
  return { feed, snapshot };
}
