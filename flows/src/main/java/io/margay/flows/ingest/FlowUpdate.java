package io.margay.flows.ingest;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import java.time.Instant;
import java.util.List;

/**
 * What a node saw more of a flow in a bucket, since its last update of the same flow and bucket.
 *
 * @param at any moment of the bucket
 * @param sourceLabels {@code key=value}, sorted: those that every source had
 * @param added increments; only {@code live} is a level: how many connections of the flow are open
 *     at this node now
 */
public record FlowUpdate(
    FlowKey key,
    Instant at,
    List<String> sourceLabels,
    List<String> destLabels,
    FlowCounters added) {
  public FlowUpdate {
    sourceLabels = List.copyOf(sourceLabels);
    destLabels = List.copyOf(destLabels);
  }
}
