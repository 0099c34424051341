import { useDeferredValue, useEffect, useState, useSyncExternalStore } from 'react';
import type { Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import { FlowFeed, type FeedSnapshot } from '../store/FlowFeed';

/** The server keeps an hour of flows; ask for all of it. */
const STREAM_URL = '/api/v1/flows/stream?startTimeGte=-3600';

/** The page's feed, connected while the page is shown, and its current picture. */
export function useFeed(filters: Filters, order: Order): { feed: FlowFeed; snapshot: FeedSnapshot } {
  const [feed] = useState(() => new FlowFeed(STREAM_URL, filters, order));
  const snapshot = useSyncExternalStore(feed.subscribe, feed.getSnapshot);
  // Typing stays fluent over a hundred thousand rows: the list may lag behind the input by a frame.
  const deferred = useDeferredValue(filters);
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  useEffect(() => feed.setQuery(deferred, order), [feed, deferred, order]);
  return { feed, snapshot };
}
