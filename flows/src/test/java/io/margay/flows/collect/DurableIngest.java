package io.margay.flows.collect;

import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Keeps updates as long as the test, whatever happens to collectors; fails or waits when told. */
final class DurableIngest implements FlowIngest {
  private final List<FlowUpdate> updates = new ArrayList<>();
  private final List<CompletableFuture<Void>> held = new ArrayList<>();
  private int failures;
  private boolean holds;
  private int largestBatch;

  @Override
  public synchronized CompletableFuture<Void> accept(List<FlowUpdate> batch) {
    if (failures > 0) {
      failures--;
      return CompletableFuture.failedFuture(new IllegalStateException("told to fail"));
    }
    largestBatch = Math.max(largestBatch, batch.size());
    updates.addAll(batch);
    if (!holds) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> future = new CompletableFuture<>();
    held.add(future);
    return future;
  }

  @Override
  public synchronized Map<String, Long> lastSequences() {
    Map<String, Long> last = new HashMap<>();
    updates.forEach(u -> last.merge(u.origin().sender(), u.origin().sequence(), Math::max));
    return last;
  }

  synchronized void failNext(int batches) {
    failures = batches;
  }

  synchronized void hold() {
    holds = true;
  }

  synchronized int held() {
    return held.size();
  }

  synchronized void release() {
    holds = false;
    held.forEach(future -> future.complete(null));
  }

  synchronized int largestBatch() {
    return largestBatch;
  }

  synchronized List<FlowUpdate> updates() {
    return List.copyOf(updates);
  }

  long started() {
    return updates().stream().mapToLong(update -> update.counters().started()).sum();
  }
}
