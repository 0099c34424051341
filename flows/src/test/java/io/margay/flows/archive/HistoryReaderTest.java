package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.Flow;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is asked, memory and disk together answer as memory would if it were large enough. The
 * clock runs over midnight and several hours, so that there are flows in each kind of table.
 */
class HistoryReaderTest {
  private static final Instant START = Instant.parse("2026-11-20T22:10:00Z");
  private static final Duration LENGTH = Duration.ofMinutes(210);
  private static final FlowLimits UNLIMITED = limits(10_000, 10_000_000);

  @TempDir private Path directory;

  private final DropCounters drops = new DropCounters();
  private final TurnedClock clock = new TurnedClock(START);

  private static FlowLimits limits(int buckets, int flows) {
    return new FlowLimits(
        1,
        buckets,
        100_000,
        flows,
        1,
        Duration.ofHours(1),
        Duration.ofMillis(500),
        Duration.ofSeconds(15),
        1,
        1);
  }

  /** Takes updates into an aggregator, as the flow service does. */
  private final class Live implements FlowIngest {
    private final FlowAggregator aggregator;

    private Live(FlowAggregator aggregator) {
      this.aggregator = aggregator;
    }

    @Override
    public synchronized CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      updates.forEach(update -> aggregator.accept(update, clock.instant()));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }

    private synchronized FlowHistory publish() {
      return aggregator.publish(clock.instant()).history();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void memoryAndDiskAnswerAsMemoryWould(long seed) throws Exception {
    RandomFlows flows = new RandomFlows(seed);
    try (Archive archive = Archive.open(ArchiveConfig.in(directory), clock, drops)) {
      Live live =
          new Live(new FlowAggregator(limits(20, 300), new DropCounters(), archive::numberOf));
      Live all = new Live(new FlowAggregator(UNLIMITED, new DropCounters(), archive::numberOf));
      archive.start(live);
      List<FlowKey> keys = flows.keys(60);
      while (clock.instant().isBefore(START.plus(LENGTH))) {
        List<FlowUpdate> updates = updates(flows, keys);
        archive.accept(updates).get();
        all.accept(updates);
        clock.turn(Duration.ofSeconds(7L + flows.below(120)));
        live.publish();
        if (flows.below(15) == 0) {
          archive.writeNow();
        }
      }
      archive.writeNow();
      FlowHistory recent = live.publish();
      assertThat(recent.buckets().getFirst().start()).isAfter(START.plus(Duration.ofHours(3)));
      FlowReader both = new HistoryReader(archive, () -> recent);
      FlowReader model = new MemoryFlowReader(all::publish);
      for (int question = 0; question < 40; question++) {
        compare(both, model, flows);
      }
      assertThat(archive.status().problem()).isNull();
    }
  }

  /** Mostly of now, some late: but not so late that live buckets had to be told and are gone. */
  private List<FlowUpdate> updates(RandomFlows flows, List<FlowKey> keys) {
    List<FlowUpdate> updates = new ArrayList<>();
    for (int i = flows.below(12); i >= 0; i--) {
      Instant at =
          flows.below(10) == 0
              ? clock.instant().minusSeconds(flows.below(1500))
              : clock.instant().minusSeconds(flows.below(10));
      Instant bucket = Buckets.start(Buckets.of(at.isBefore(START) ? START : at));
      // Half of the keys are heard of in the beginning only.
      boolean early = clock.instant().isBefore(START.plus(Duration.ofHours(1)));
      int reach = early ? keys.size() : keys.size() / 2;
      updates.add(flows.update(keys.get(flows.below(reach)), bucket));
    }
    return updates;
  }

  private TimeRange range(RandomFlows flows) {
    Instant from = START.plusSeconds(flows.below((int) LENGTH.toSeconds()));
    Instant to = from.plusSeconds(1L + flows.below((int) LENGTH.toSeconds()));
    return switch (flows.below(4)) {
      case 0 -> TimeRange.ALWAYS;
      case 1 -> new TimeRange(from, Instant.MAX);
      case 2 -> new TimeRange(Instant.MIN, to);
      default -> new TimeRange(from, to);
    };
  }

  private void compare(FlowReader both, FlowReader model, RandomFlows flows) {
    TimeRange range = range(flows);
    FlowFilter filter = flows.filter();
    String question = range + " " + filter;
    FlowOrder order = FlowOrder.values()[flows.below(FlowOrder.values().length)];
    Page.Request page = new Page.Request(flows.below(3), flows.below(20));
    assertThat(withoutVersions(both.list(range, filter, order, page)))
        .as("list %s by %s, %s", question, order, page)
        .isEqualTo(withoutVersions(model.list(range, filter, order, page)));
    int size = 1 + flows.below(200);
    assertThat(records(both, range, filter, size))
        .as("records %s", question)
        .isEqualTo(records(model, range, filter, size));
    HintType hint = HintType.values()[flows.below(HintType.values().length)];
    assertThat(both.hints(hint, range, filter, Page.Request.EVERYTHING))
        .as("hints %s %s", hint, question)
        .isEqualTo(model.hints(hint, range, filter, Page.Request.EVERYTHING));
    StatisticsQuery query =
        new StatisticsQuery(
            range,
            StatisticType.values()[flows.below(3)],
            StatisticsGroup.values()[flows.below(2)],
            null,
            Duration.ofSeconds(List.of(0, 15, 45, 300, 900, 3600).get(flows.below(6))));
    assertThat(both.statistics(query)).as("%s", query).isEqualTo(model.statistics(query));
    int steps = 1 + flows.below(300);
    assertThat(both.density(range, filter, steps))
        .as("density %s in %s", question, steps)
        .isEqualTo(model.density(range, filter, steps));
    GraphLevel level = GraphLevel.values()[flows.below(3)];
    assertThat(both.graph(range, filter, level))
        .as("graph %s %s", level, question)
        .isEqualTo(model.graph(range, filter, level));
    assertThat(both.policyActivity(range))
        .as("activity %s", range)
        .isEqualTo(model.policyActivity(range));
  }

  private static Page<Flow> withoutVersions(Page<Flow> page) {
    return new Page<>(
        page.items().stream().map(HistoryReaderTest::withoutVersion).toList(),
        page.totalPages(),
        page.totalResults());
  }

  /** What is on disk has no version. */
  static Flow withoutVersion(Flow flow) {
    return new Flow(
        flow.keyNumber(),
        flow.key(),
        flow.start(),
        flow.end(),
        flow.bucket(),
        flow.sourceLabels(),
        flow.destLabels(),
        flow.counters(),
        0);
  }

  static List<Flow> records(FlowReader reader, TimeRange range, FlowFilter filter, int size) {
    List<Flow> records = new ArrayList<>();
    FlowCursor cursor = FlowCursor.NEWEST;
    while (cursor != null) {
      CursorPage<Flow> page = reader.records(range, filter, cursor, size);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
      page.items().forEach(flow -> records.add(withoutVersion(flow)));
      cursor = page.next();
    }
    return records;
  }
}
