package io.margay.flows.export;

import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets every update that was stored be exported too. Nodes tell a flow twice a second, which no
 * other system wants to know so exactly: what belongs together is summed up for a while before it
 * goes.
 */
public final class Exports implements FlowIngest, AutoCloseable {
  private final FlowIngest ingest;
  private final List<Exporter> exporters;
  private final int mostAtOnce;
  private final Map<Place, ExportedFlow> gathered = new LinkedHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("exports").factory());

  private record Place(Instant start, FlowKey key) {}

  /**
   * @param ingest where updates are stored; what it does not take is not exported
   * @param exporters become this object's own, which closes them
   * @param every how long flows are summed up
   * @param mostAtOnce flows that are summed up; when there are so many they go before their time
   */
  public Exports(FlowIngest ingest, List<Exporter> exporters, Duration every, int mostAtOnce) {
    this.ingest = ingest;
    this.exporters = List.copyOf(exporters);
    this.mostAtOnce = mostAtOnce;
    timer.scheduleAtFixedRate(
        this::flush, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
    return ingest.accept(updates).thenRun(() -> gather(updates));
  }

  @Override
  public Map<String, Long> lastSequences() {
    return ingest.lastSequences();
  }

  private synchronized void gather(List<FlowUpdate> updates) {
    for (FlowUpdate update : updates) {
      gathered.merge(
          new Place(update.bucket(), update.key()), ExportedFlow.of(update), ExportedFlow::plus);
    }
    if (gathered.size() >= mostAtOnce) {
      flush();
    }
  }

  private synchronized void flush() {
    if (!gathered.isEmpty()) {
      List<ExportedFlow> flows = new ArrayList<>(gathered.values());
      gathered.clear();
      exporters.forEach(exporter -> exporter.offer(flows));
    }
  }

  /** What each exporter did. */
  public List<Exporter.Statistics> statistics() {
    return exporters.stream().map(Exporter::statistics).toList();
  }

  /** What was not exported, by target and reason; without what is zero. */
  public Map<String, Long> dropped() {
    Map<String, Long> dropped = new TreeMap<>();
    for (Exporter.Statistics target : statistics()) {
      put(dropped, target.target() + "_queue-full", target.full());
      put(dropped, target.target() + "_refused", target.refused());
    }
    return dropped;
  }

  private static void put(Map<String, Long> counts, String reason, long count) {
    if (count > 0) {
      counts.put(reason, count);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    flush();
    exporters.forEach(Exporter::close);
  }
}
