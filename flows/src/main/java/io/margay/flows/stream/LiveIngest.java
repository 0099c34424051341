package io.margay.flows.stream;

import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Takes updates into the live buckets only, where no history is kept: then an update lasts as long
 * as the process, and what a sender repeats after a restart is news.
 */
public record LiveIngest(FlowService flows) implements FlowIngest {
  @Override
  public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
    return flows.accept(updates);
  }

  @Override
  public Map<String, Long> lastSequences() {
    return Map.of();
  }
}
