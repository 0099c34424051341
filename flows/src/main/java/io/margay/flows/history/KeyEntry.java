package io.margay.flows.history;

import io.margay.flows.FlowKey;
import org.jspecify.annotations.Nullable;

/** A key with its number and what outlives a bucket: how many of its connections are open. */
final class KeyEntry {
  final long number;

  /** Counts from 0 without large gaps, and goes to another key when this one is forgotten. */
  final int place;

  final FlowKey key;
  long live;

  /** Where it was counted last: most likely where it is counted next. */
  @Nullable FlowCell newest;

  /** The start of the latest bucket that has a flow of this key, in epoch seconds. */
  private long lastBucket = Long.MIN_VALUE;

  KeyEntry(long number, int place, FlowKey key) {
    this.number = number;
    this.place = place;
    this.key = key;
  }

  /** Remembers a flow that begins. */
  void begin(FlowCell cell, long bucketSecond) {
    newest = cell;
    lastBucket = Math.max(lastBucket, bucketSecond);
  }

  /** Whether no bucket from one on has a flow of this key, and none of its connections is open. */
  boolean isForgotten(long oldestBucket) {
    return live == 0 && lastBucket < oldestBucket;
  }
}
