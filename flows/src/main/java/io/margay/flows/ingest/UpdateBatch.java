package io.margay.flows.ingest;

import java.util.List;

/**
 * Updates that are acknowledged together, whole or not at all.
 *
 * @param origin who sent it, as a rule the node's name
 * @param sequence grows with every new batch of this origin, also when the origin restarts; a batch
 *     that is sent again keeps its number, and is taken once. {@value #UNNUMBERED} for senders that
 *     do not count: what they send twice counts twice
 */
public record UpdateBatch(String origin, long sequence, List<FlowUpdate> updates) {
  public static final long UNNUMBERED = 0;

  public UpdateBatch {
    updates = List.copyOf(updates);
    if (sequence < 0) {
      throw new IllegalArgumentException(
          "batch of " + origin + " has the number " + sequence + ": numbers count from 1");
    }
  }
}
