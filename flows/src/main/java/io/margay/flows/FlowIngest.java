package io.margay.flows;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Where updates of nodes go. Called from many threads. */
public interface FlowIngest {
  /**
   * Takes updates over, in the order of their senders' numbers. The future completes when they will
   * survive the end of the process at any moment, together with their senders' numbers: only then
   * may they be acknowledged. It fails when they were not taken, and then nothing of them is kept.
   */
  CompletableFuture<Void> accept(List<FlowUpdate> updates);

  /**
   * The number of the last durable update of each sender that numbers them. Asked at the start:
   * what a sender repeats up to there was taken before.
   */
  Map<String, Long> lastSequences();
}
