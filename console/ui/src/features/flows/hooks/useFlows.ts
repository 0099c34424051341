import { useDeferredValue, useEffect, useState, useSyncExternalStore } from 'react';
import type { Filters } from '../filters/filters';
import type { Order } from '../filters/order';
import { formatRange, MAX_STREAM_SECONDS, spanOf, type Range } from '../filters/range';
import { FlowFeed } from '../store/FlowFeed';
import type { FlowSource } from '../store/FlowSource';
import { StoredFlows } from '../store/StoredFlows';

/** The one live feed: it outlives the page, so that coming back shows at once what was there. */
let feed: FlowFeed | null = null;

function liveFeed(): FlowFeed {
  feed ??= new FlowFeed(`/api/v1/flows/stream?startTimeGte=-${MAX_STREAM_SECONDS}`, MAX_STREAM_SECONDS);
  return feed;
}

/** Whether the range is shown as it comes in, rather than as it was when the page asked. */
export function isStreamed(range: Range): boolean {
  return range.type === 'live' && range.seconds <= MAX_STREAM_SECONDS;
}

/** The list of flows of a range, and its current picture. */
export function useFlows(range: Range, filters: Filters, order: Order) {
  const [{ source }, setChosen] = useState(() => choose(range));
  const key = keyOf(range);
  useEffect(() => {
    setChosen((last) => (last.key === key ? last : choose(range)));
    // The key stands for the range.
  }, [key]);
  useEffect(() => {
    if (source instanceof FlowFeed && range.type === 'live') source.setSeconds(range.seconds);
  }, [source, range]);

  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  // Typing stays fluent over a hundred thousand rows: the list may lag behind the input by a frame.
  const deferred = useDeferredValue(filters);
  useEffect(() => {
    source.start();
    return () => source.stop();
  }, [source]);
  useEffect(() => source.setQuery(deferred, order), [source, deferred, order]);
  return { source, snapshot };
}

function keyOf(range: Range): string {
  return isStreamed(range) ? 'live' : formatRange(range);
}

function choose(range: Range): { readonly key: string; readonly source: FlowSource } {
  return { key: keyOf(range), source: isStreamed(range) ? liveFeed() : new StoredFlows(spanOf(range, Date.now())) };
}
