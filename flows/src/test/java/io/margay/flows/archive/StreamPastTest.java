package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.history.BucketTime;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.ClosedStreams.Ending;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveIngest;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream's past comes from disk where memory does not reach, and what follows fits to it. */
@Timeout(120)
class StreamPastTest {
  private static final Instant START = Instant.parse("2026-11-20T23:30:00Z");

  /** Four buckets in memory, and a stream's queue of two batches. */
  private static final FlowLimits LIMITS =
      new FlowLimits(
          100,
          4,
          10_000,
          100_000,
          1,
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofSeconds(15),
          2,
          10);

  @TempDir private Path directory;
  private final DropCounters drops = new DropCounters();
  private final TurnedClock clock = new TurnedClock(START);
  private final List<String> expected = new ArrayList<>();
  private Archive archive;
  private FlowService flows;
  private long sequence;

  @BeforeEach
  void start() throws Exception {
    archive = Archive.open(ArchiveConfig.in(directory), clock, drops);
    flows = new FlowService(LIMITS, clock, drops, archive::numberOf);
    flows.start();
    archive.start(new LiveIngest(flows));
  }

  @AfterEach
  void stop() {
    archive.close();
    flows.close();
  }

  /** Tells flows of the bucket of this moment. */
  private void tell(int count) {
    Instant bucket = BucketTime.bucketOf(clock.instant());
    List<FlowUpdate> updates = new ArrayList<>();
    for (int port = 1; port <= count; port++) {
      updates.add(
          new FlowUpdate(
              new FlowUpdate.Origin("node-1", ++sequence),
              bucket,
              key(port),
              List.of("app=web"),
              List.of(),
              new FlowCounters(1, 0, 60, 0, 1, 0, 0)));
      expected.add(text(bucket, port));
    }
    archive.accept(updates).join();
    await()
        .until(() ->
            flows.history().flows().filter(flow -> flow.start().equals(bucket)).count() == count);
  }

  private static FlowKey key(int port) {
    FlowPeer web = new FlowPeer("web", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT);
    PolicyTrace trace =
        new PolicyTrace(RuleAction.ALLOW, RuleAction.ALLOW, List.of(), List.of(), List.of());
    return new FlowKey(web, web, port, null, Protocol.TCP, Reporter.SOURCE, trace);
  }

  private static String text(Instant bucket, int port) {
    return bucket + " " + port;
  }

  private void nextBucket() throws InterruptedException {
    clock.turn(BucketTime.LENGTH);
    Instant closing = BucketTime.bucketOf(clock.instant().minus(Duration.ofSeconds(15)));
    await().until(() -> isClosed(closing));
    archive.writeNow();
  }

  /** Whether all buckets that start before a moment are closed. */
  private boolean isClosed(Instant before) {
    FlowHistory view = flows.history();
    return view.buckets().stream()
        .map(FlowBucket::start)
        .noneMatch(start -> start.isBefore(before) && !start.isBefore(view.closedUpTo()));
  }

  private static void assertOldestFirst(List<Flow> told) {
    assertThat(told).isSortedAccordingTo((a, b) -> a.start().compareTo(b.start()));
  }

  @Test
  void thePastIsReadFromDiskWhileBucketsGoOnToClose() throws Exception {
    tell(2_600); // more than two pages, in one bucket
    for (int bucket = 0; bucket < 40; bucket++) {
      nextBucket();
      tell(bucket % 8 == 0 ? 0 : 3);
    }
    assertThat(flows.history().buckets().getFirst().start()).isAfter(START.plusSeconds(300));

    List<Flow> told = new ArrayList<>();
    int[] later = {0};
    try (ClosedStream stream =
        ClosedStreams.of(flows, new HistoryReader(archive, flows::history))
            .open(FlowFilter.ALL)
            .orElseThrow()) {
      Ending ending =
          stream.run(
              START,
              some -> {
                told.addAll(some);
                // More buckets close while the reader is busy than its queue holds by itself.
                if (later[0] < 12) {
                  later[0]++;
                  nextBucket();
                  tell(3);
                }
                if (later[0] == 12 && told.size() >= expected.size() - 6) {
                  nextBucket();
                  later[0]++;
                }
                return told.size() < expected.size() - 3;
              });
      assertThat(ending).isEqualTo(new Ending.Enough());
    }
    List<String> texts =
        told.stream().map(flow -> text(flow.start(), flow.key().destPort())).toList();
    assertThat(texts).doesNotHaveDuplicates();
    assertThat(texts).containsExactlyInAnyOrderElementsOf(expected.subList(0, expected.size() - 3));
    assertOldestFirst(told);
    assertThat(drops.get(DropReason.STREAM_CUT)).isZero();
  }

  @Test
  void aRestartedProcessTellsThePastOfTheOneBefore() throws Exception {
    tell(3);
    nextBucket();
    nextBucket();
    archive.close();
    flows.close();
    clock.turn(Duration.ofHours(3));
    start();
    List<Flow> told = new ArrayList<>();
    try (ClosedStream stream =
        ClosedStreams.of(flows, new HistoryReader(archive, flows::history))
            .open(FlowFilter.ALL)
            .orElseThrow()) {
      stream.run(
          START.minusSeconds(86_400),
          some -> {
            told.addAll(some);
            return told.size() < 3;
          });
    }
    assertThat(told.stream().map(flow -> text(flow.start(), flow.key().destPort())))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
