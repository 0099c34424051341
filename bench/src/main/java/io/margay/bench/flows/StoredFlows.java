package io.margay.bench.flows;

import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.archive.Archive;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.archive.HistoryReader;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.StringMatch;
import io.margay.flows.query.TimeRange;
import io.margay.model.resource.RuleAction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A day of flows in a history, put there as nodes would, only faster: a clock that is turned by
 * hand runs through the day. Then pages and statistics are asked for, each time another.
 */
final class StoredFlows {
  private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
  private static final Duration BUCKET = Duration.ofSeconds(15);
  private static final int IN_HOUR = 240;
  private static final int BUCKETS = 24 * IN_HOUR;
  private static final int NAMESPACES = 100;

  /** Buckets that are taken in together: each by itself would wait for the disk. */
  private static final int TOGETHER = 20;

  private final int stored;
  private final int keys;
  private final Consumer<String> progress;
  private volatile Instant now = DAY;

  StoredFlows(int stored, int keys, Consumer<String> progress) {
    this.stored = stored;
    this.keys = keys;
    this.progress = progress;
  }

  /** Nothing is kept in memory: all answers come from disk. */
  private static final class NoLiveFlows implements FlowIngest {
    @Override
    public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  /** What came out. */
  record Result(JsonLine stored, JsonLine queries, double pageP99, double statisticsP99) {}

  Result run(Path directory, int questions) throws IOException, InterruptedException {
    DropCounters drops = new DropCounters();
    InstantSource clock = () -> now;
    try (Archive archive = Archive.open(ArchiveConfig.in(directory), clock, drops)) {
      archive.start(new NoLiveFlows());
      long start = System.nanoTime();
      store(archive);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (drops.get(DropReason.ARCHIVE_FULL) > 0) {
        throw new IllegalStateException("flows were dropped: the disk is too slow for this load");
      }
      Archive.Status status = archive.status();
      JsonLine line =
          JsonLine.of("flows", "stored")
              .number("flows", stored)
              .number("keys", status.keys())
              .number("seconds", seconds)
              .number("databaseMB", status.databaseBytes() / 1e6)
              .number("bytesPerFlow", status.databaseBytes() / (double) stored);
      FlowReader reader = new HistoryReader(archive, () -> FlowHistory.EMPTY);
      return ask(reader, questions, line);
    }
  }

  private void store(Archive archive) throws InterruptedException {
    GoldmaneLoad load = new GoldmaneLoad();
    List<FlowKey> all = load.keys(keys, NAMESPACES);
    List<List<String>> labels = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      labels.add(GoldmaneLoad.labels(i));
    }
    int perBucket = Math.ceilDiv(stored, BUCKETS);
    Instant bucketStart = DAY;
    for (int bucket = 0; bucket < BUCKETS; bucket += TOGETHER) {
      if (bucket % IN_HOUR == 0) {
        finishHour(archive, DAY.plus(BUCKET.multipliedBy(bucket)));
      }
      List<FlowUpdate> updates = new ArrayList<>(perBucket * TOGETHER);
      for (int i = 0; i < perBucket * TOGETHER; i++) {
        if (i % perBucket == 0) {
          bucketStart = DAY.plus(BUCKET.multipliedBy(bucket + i / perBucket));
          now = bucketStart.isAfter(now) ? bucketStart : now;
        }
        // Steps through the keys: distinct in a bucket.
        int key = (int) ((bucket * 31L + i * 7919L) % keys);
        List<String> ofKey = labels.get(key % labels.size());
        updates.add(load.update(all.get(key), bucketStart, ofKey, ofKey));
      }
      archive.accept(updates).join();
      while (archive.status().waitingFlows() > 300_000) {
        Thread.sleep(20);
      }
      if (bucket % 480 == 0) {
        progress.accept("stored " + (long) (bucket + TOGETHER) * perBucket + " flows");
      }
    }
    // The last hour is over, too, and sorted in with the next upkeep, for which the clock goes on.
    now = DAY.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(10));
    Archive.Status status = archive.status();
    for (int i = 0; i < 600 && (status.waitingFlows() > 0 || status.unsortedHours() > 0); i++) {
      Thread.sleep(100);
      now = now.plus(BUCKET);
      status = archive.status();
    }
    if (status.problem() != null || status.unsortedHours() > 0) {
      throw new IllegalStateException("the flows were not stored in time: " + status);
    }
  }

  /**
   * Writes an hour before the next one goes on, as it would be in real time: else most of its flows
   * would come late, after it was sorted.
   */
  private void finishHour(Archive archive, Instant end) throws InterruptedException {
    now = end.plus(BUCKET).plusSeconds(5);
    do {
      Thread.sleep(700); // Closed buckets are looked for twice a second.
    } while (archive.status().waitingFlows() > 0);
  }

  private Result ask(FlowReader reader, int questions, JsonLine stored) {
    Samples pages = new Samples();
    Samples records = new Samples();
    Samples statistics = new Samples();
    int warmUp = Math.max(20, questions / 10);
    for (int i = 0; i < questions + warmUp; i++) {
      if (i == warmUp) {
        pages = new Samples();
        records = new Samples();
        statistics = new Samples();
      }
      Page.Request page = new Page.Request(i % 3, 100);
      StatisticsQuery statistic = statistic(i);
      FlowFilter filter = filter(i);
      TimeRange range = range(i);
      FlowOrder order = FlowOrder.values()[i % FlowOrder.values().length];
      pages.add(millis(() -> reader.list(range, filter, order, page)));
      records.add(millis(() -> reader.records(range, filter, FlowCursor.NEWEST, 100)));
      statistics.add(millis(() -> reader.statistics(statistic)));
      if ((i + 1) % 50 == 0) {
        progress.accept("asked " + (i + 1) + " times");
      }
    }
    JsonLine line =
        JsonLine.of("flows", "queries")
            .number("questions", questions)
            .number("pageMedianMillis", pages.median())
            .number("pageP99Millis", pages.quantile(0.99))
            .number("recordsMedianMillis", records.median())
            .number("recordsP99Millis", records.quantile(0.99))
            .number("statisticsMedianMillis", statistics.median())
            .number("statisticsP99Millis", statistics.quantile(0.99));
    return new Result(
        stored,
        line,
        Math.max(pages.quantile(0.99), records.quantile(0.99)),
        statistics.quantile(0.99));
  }

  private static double millis(Runnable question) {
    long start = System.nanoTime();
    question.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /** By workload, by namespaces, by verdict, by policy: one after the other. */
  private FlowFilter filter(int number) {
    List<StringMatch> none = List.of();
    List<StringMatch> source =
        number % 4 == 0 ? List.of(StringMatch.exact("source-" + number * 37 % keys)) : none;
    List<StringMatch> namespaces =
        number % 4 == 1 ? List.of(StringMatch.exact("dest-ns-" + number % NAMESPACES)) : none;
    List<RuleAction> actions = number % 4 == 2 ? List.of(RuleAction.DENY) : List.of();
    List<PolicyMatch> policies =
        number % 4 == 3
            ? List.of(
                new PolicyMatch(null, "tier-" + number % 3, null, "policy-" + number % 2, null))
            : List.of();
    return new FlowFilter(
        source,
        none,
        none,
        namespaces,
        none,
        none,
        List.of(),
        actions,
        List.of(),
        policies,
        null,
        false);
  }

  /** All time, the last hour, and some hours of the day. */
  private static TimeRange range(int number) {
    Instant end = DAY.plus(Duration.ofDays(1));
    return switch (number % 3) {
      case 0 -> TimeRange.ALWAYS;
      case 1 -> new TimeRange(end.minus(Duration.ofHours(1)), Instant.MAX);
      default ->
          new TimeRange(
              DAY.plus(Duration.ofMinutes(7L * (number % 100))),
              DAY.plus(Duration.ofMinutes(7L * (number % 100) + 200)));
    };
  }

  /** The day in totals, and in steps of a quarter of an hour. */
  private static StatisticsQuery statistic(int number) {
    TimeRange day =
        new TimeRange(
            DAY.plusSeconds(number % 600), DAY.plus(Duration.ofDays(1)).plusSeconds(number % 600));
    return new StatisticsQuery(
        day,
        number % 2 == 0 ? StatisticType.BYTES : StatisticType.PACKETS,
        number % 3 == 0 ? StatisticsGroup.POLICY : StatisticsGroup.POLICY_RULE,
        null,
        number % 4 < 2 ? Duration.ZERO : Duration.ofMinutes(15));
  }
}
