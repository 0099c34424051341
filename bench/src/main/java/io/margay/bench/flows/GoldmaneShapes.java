package io.margay.bench.flows;

import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.flows.DropCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The workloads of Goldmane's benchmarks, rebuilt from their descriptions, on the live buckets.
 * Times are those of the processor, so that what else the machine does is not counted. Goldmane's
 * figures were measured on another day on a quiet machine of the same kind: they are for comparison
 * by eye.
 */
final class GoldmaneShapes {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration BUCKET = Duration.ofSeconds(15);
  private static final int ROUNDS = 15;
  private static final int LABEL_ROUNDS = 300;

  /** What the compiler gets before anything counts. */
  private static final long WARM_UP_NANOS = 1_000_000_000;

  private final Consumer<JsonLine> results;

  GoldmaneShapes(Consumer<JsonLine> results) {
    this.results = results;
  }

  private static FlowAggregator aggregator() {
    FlowLimits limits =
        new FlowLimits(
            1,
            242,
            200_000,
            10_000_000,
            1,
            Duration.ofHours(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(15),
            1,
            1);
    return new FlowAggregator(limits, new DropCounters());
  }

  void run() {
    receive();
    addFlow();
    labelSets();
    rollover();
    list(100, 10, 0.24, 0.10);
    list(1_000, 10, 2.6, 1.0);
    list(10_000, 10, 33.6, 12.2);
    list(1_000, 240, 25.1, 18.8);
  }

  /** Work of a round, which returns how many operations it was. */
  @FunctionalInterface
  private interface Round {
    int run();
  }

  /** Of this thread: what else the machine does is not counted. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(double unitNanos, Round round) {
    long warm = cpuNanos() + WARM_UP_NANOS;
    while (cpuNanos() < warm) {
      round.run();
    }
    Samples samples = new Samples();
    for (int i = 0; i < ROUNDS; i++) {
      long start = cpuNanos();
      int operations = round.run();
      samples.add((cpuNanos() - start) / unitNanos / operations);
    }
    return samples.median();
  }

  private void tell(String shape, String unit, double ours, double goldmane) {
    results.accept(
        JsonLine.of("flows", shape)
            .text("unit", unit)
            .number("margay", ours)
            .number("goldmane", goldmane)
            .number("ratio", ours / goldmane));
  }

  private void receive() {
    GoldmaneLoad load = new GoldmaneLoad();
    List<FlowUpdate> updates = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      updates.add(
          load.update(
              load.receiveKey(), START, GoldmaneLoad.labels(i), GoldmaneLoad.labels(i + 1)));
    }
    FlowAggregator aggregator = aggregator();
    tell(
        "receive",
        "µs per flow",
        median(
            1e3,
            () -> {
              for (int i = 0; i < 20; i++) {
                updates.forEach(update -> aggregator.accept(update, START));
              }
              aggregator.publish(START);
              return 20 * updates.size();
            }),
        8.3);
  }

  private void addFlow() {
    GoldmaneLoad load = new GoldmaneLoad();
    List<FlowUpdate> updates = new ArrayList<>();
    for (FlowKey key : load.keys(100, 3)) {
      updates.add(load.update(key, START, List.of("app=a"), List.of("app=b")));
    }
    FlowAggregator aggregator = aggregator();
    tell(
        "add to the current of 242 buckets, 100 keys",
        "ns",
        median(
            1,
            () -> {
              for (int i = 0; i < 1_000; i++) {
                updates.forEach(update -> aggregator.accept(update, START));
              }
              return 1_000 * updates.size();
            }),
        560);
  }

  private void labelSets() {
    GoldmaneLoad load = new GoldmaneLoad();
    FlowKey key = load.key(1, 3);
    List<List<String>> sets = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sets.add(List.copyOf(GoldmaneLoad.labels(i))); // Readers of updates share equal sets, too.
    }
    FlowAggregator aggregator = aggregator();
    Instant now = START;
    Samples samples = new Samples();
    for (int round = 0; round < LABEL_ROUNDS; round++) {
      List<FlowUpdate> updates = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        if (i % 100 == 0) {
          now = now.plus(BUCKET);
        }
        List<String> labels = sets.get(i % sets.size());
        updates.add(load.update(key, now, labels, labels));
      }
      long start = cpuNanos();
      updates.forEach(update -> aggregator.accept(update, update.bucket()));
      aggregator.publish(now);
      if (round >= LABEL_ROUNDS / 2) { // The first half is for the compiler.
        samples.add((cpuNanos() - start) / (double) updates.size());
      }
    }
    tell(
        "add to one flow, 1000 label sets, the window moves every 100", "ns", samples.median(), 96);
  }

  /** Goldmane slides the window of each flow; here a bucket goes as a whole. */
  private void rollover() {
    GoldmaneLoad load = new GoldmaneLoad();
    List<FlowKey> keys = load.keys(1_000, 3);
    FlowAggregator aggregator = aggregator();
    Instant now = START;
    Samples samples = new Samples();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 242; i++) {
        now = now.plus(BUCKET);
        for (FlowKey key : keys) {
          aggregator.accept(load.update(key, now, List.of("app=a"), List.of("app=b")), now);
        }
        aggregator.publish(now);
      }
      for (int i = 0; i < 200; i += 20) {
        long start = cpuNanos();
        for (int j = 0; j < 20; j++) {
          now = now.plus(BUCKET);
          aggregator.publish(now);
        }
        double each = (cpuNanos() - start) / 20.0 / keys.size();
        if (round >= ROUNDS / 2) { // The first half is for the compiler.
          samples.add(each);
        }
      }
    }
    tell("rollover of a flow, 242 windows", "ns", samples.median(), 6.8);
  }

  private void list(int keys, int windows, double goldmaneAll, double goldmanePage) {
    FlowHistory history = history(keys, windows);
    FlowReader reader = new MemoryFlowReader(() -> history);
    String shape = keys + " keys x " + windows + " windows";
    int times = Math.max(1, 20_000 / (keys * windows));
    tell(
        "list all, " + shape,
        "ms",
        median(1e6, () -> list(reader, times, FlowOrder.TIME, Page.Request.EVERYTHING)),
        goldmaneAll);
    tell(
        "page of 100 by source name, " + shape,
        "ms",
        median(1e6, () -> list(reader, times, FlowOrder.SOURCE_NAME, new Page.Request(0, 100))),
        goldmanePage);
  }

  private static int list(FlowReader reader, int times, FlowOrder order, Page.Request page) {
    for (int i = 0; i < times; i++) {
      if (reader.list(TimeRange.ALWAYS, FlowFilter.ALL, order, page).items().isEmpty()) {
        throw new IllegalStateException("the list is empty");
      }
    }
    return times;
  }

  private static FlowHistory history(int keys, int windows) {
    GoldmaneLoad load = new GoldmaneLoad();
    FlowAggregator aggregator = aggregator();
    Instant now = START;
    List<FlowKey> all = load.keys(keys, 3);
    for (int window = 0; window < windows; window++) {
      now = now.plus(BUCKET);
      for (FlowKey key : all) {
        aggregator.accept(load.update(key, now, List.of("app=a"), List.of("app=b")), now);
      }
    }
    return aggregator.publish(now).history();
  }
}
