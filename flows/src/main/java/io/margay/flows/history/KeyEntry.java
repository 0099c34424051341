package io.margay.flows.history;

import io.margay.flows.FlowKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key with its number and what outlives a bucket: how many of its connections are open. */
final class KeyEntry {
  final long number;
  final FlowKey key;
  long live;

  /** Where it was counted last: most likely where it is counted next. */
  @Nullable FlowCell newest;

  /** The latest bucket that has a flow of this key. */
  Instant lastBucket = Instant.MIN;

  KeyEntry(long number, FlowKey key) {
    this.number = number;
    this.key = key;
  }

  /** Remembers a flow that begins. */
  void begin(FlowCell cell, Instant bucket) {
    newest = cell;
    if (bucket.isAfter(lastBucket)) {
      lastBucket = bucket;
    }
  }

  /** Whether no bucket from one on has a flow of this key, and none of its connections is open. */
  boolean isForgotten(Instant oldestBucket) {
    return live == 0 && lastBucket.isBefore(oldestBucket);
  }
}
