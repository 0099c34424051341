package io.margay.flows.history;

import io.margay.flows.FlowKey;
import org.jspecify.annotations.Nullable;

/** A key with its number and what outlives a bucket: how many of its connections are open. */
final class KeyEntry {
  final long number;
  final FlowKey key;
  long live;

  /** Where it was counted last: most likely where it is counted next. */
  @Nullable FlowCell newest;

  /** Buckets that hold a flow of this key. */
  int uses;

  KeyEntry(long number, FlowKey key) {
    this.number = number;
    this.key = key;
  }

  /** Forgets a bucket's flow. */
  void leave(FlowCell cell) {
    uses--;
    if (newest == cell) {
      newest = null;
    }
  }
}
