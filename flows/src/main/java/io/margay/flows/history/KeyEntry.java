package io.margay.flows.history;

import io.margay.flows.FlowKey;

/** A key with its number and what outlives a bucket: how many of its connections are open. */
final class KeyEntry {
  final long number;
  final FlowKey key;
  long live;

  /** Buckets that hold a flow of this key. */
  int uses;

  KeyEntry(long number, FlowKey key) {
    this.number = number;
    this.key = key;
  }
}
