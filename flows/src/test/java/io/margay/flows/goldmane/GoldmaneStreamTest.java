package io.margay.flows.goldmane;

import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.margay.flows.DropReason;
import io.margay.flows.FlowLimits;
import io.margay.flows.collect.CallEndings;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.collect.FlowServer;
import io.margay.flows.goldmane.proto.FlowsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams, with a clock that the tests turn. */
@Timeout(60)
class GoldmaneStreamTest {
  private static final FlowLimits LIMITS =
      new FlowLimits(
          65_536,
          240,
          20_000,
          400_000,
          1_000,
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofSeconds(15),
          4,
          100);

  private final AtomicReference<Instant> now = new AtomicReference<>(T0);
  private final FlowService flows = new FlowService(LIMITS, now::get);
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();
  private final Context.CancellableContext streams = Context.current().withCancellation();
  private FlowServer server;
  private FlowChannel channel;

  @BeforeEach
  void start() throws IOException {
    flows.start();
    server =
        FlowServer.start(
            new FlowAddress.Tcp("127.0.0.1", 0),
            null,
            List.of(
                new FlowsApi(
                    new MemoryFlowReader(flows::history),
                    ClosedStreams.of(flows, new MemoryFlowReader(flows::history)),
                    now::get)),
            new CallEndings());
    channel = FlowChannel.to(new FlowAddress.Tcp("127.0.0.1", server.port()), null);
  }

  @AfterEach
  void stop() {
    streams.cancel(null);
    channel.close();
    server.close();
    flows.close();
  }

  private FlowsGrpc.FlowsBlockingStub client() {
    return FlowsGrpc.newBlockingStub(channel.channel());
  }

  private void denied(int port) {
    long before = flows.history().version();
    flows.offer(judged(now.get(), tcp("10.0.0.1", 4000, "10.0.0.2", port), DENIED));
    await().until(() -> flows.history().version() > before);
  }

  private void turnTo(int second) {
    now.set(T0.plusSeconds(second));
  }

  private void awaitClosed(int buckets) {
    await().until(() -> flows.history().closedOnly().buckets().size() == buckets);
  }

  private Iterator<Wire.FlowResult> stream(long startGte, String... destNames) {
    Wire.Filter.Builder filter = Wire.Filter.newBuilder();
    for (String name : destNames) {
      filter.addDestNames(Wire.StringMatch.newBuilder().setValue(name));
    }
    return client().stream(
        Wire.FlowStreamRequest.newBuilder().setStartTimeGte(startGte).setFilter(filter).build());
  }

  /** Reads a stream on a thread of its own: ports with the second of the bucket. */
  private void follow(long startGte, String... destNames) {
    int streamsBefore = flows.statistics().streams();
    Iterator<Wire.FlowResult> results = iterator(startGte, destNames);
    Thread.startVirtualThread(() -> {
      try {
        results.forEachRemaining(result -> seen.add(text(result)));
      } catch (StatusRuntimeException e) {
        seen.add(e.getStatus().getCode().toString());
      }
    });
    await().until(() -> flows.statistics().streams() > streamsBefore);
  }

  private Iterator<Wire.FlowResult> iterator(long startGte, String... destNames) {
    try {
      return streams.call(() -> stream(startGte, destNames));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Wire.FlowResult result) {
    return "port %d at %d"
        .formatted(
            result.getFlow().getKey().getDestPort(),
            result.getFlow().getStartTime() - T0.getEpochSecond());
  }

  @Test
  void aBucketIsSentOnceFifteenSecondsAfterItsEnd() {
    follow(0);
    denied(80);
    denied(80);
    turnTo(29);
    denied(81); // of the second bucket, so the stream was served since
    assertThat(seen).isEmpty();
    turnTo(30);
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 80 at 0"));
    turnTo(45);
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 80 at 0", "port 81 at 15"));
  }

  @Test
  void withoutAStartThereIsNoPast() {
    denied(80);
    turnTo(30);
    awaitClosed(1);
    follow(0);
    denied(81);
    turnTo(60);
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 81 at 30"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-50, -3600, 1_795_255_200})
  void thePastComesFirstAndFitsToWhatFollows(long start) {
    assertThat(T0.getEpochSecond()).isEqualTo(1_795_255_200);
    denied(80);
    turnTo(15);
    denied(81);
    turnTo(44);
    denied(82);
    awaitClosed(1);
    follow(start);
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 80 at 0"));
    turnTo(60);
    await()
        .untilAsserted(() ->
            assertThat(seen).containsExactly("port 80 at 0", "port 81 at 15", "port 82 at 30"));
    assertThat(flows.statistics().streams()).isEqualTo(1);
  }

  @Test
  void thePastBeginsWithTheBucketsThatStartThen() {
    denied(80);
    turnTo(15);
    denied(81);
    turnTo(60);
    awaitClosed(2);
    follow(-50);
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 81 at 15"));
  }

  @Test
  void theFilterCounts() {
    denied(80);
    turnTo(45);
    awaitClosed(1);
    follow(-3600, "nobody");
    follow(-3600, "pvt");
    await().untilAsserted(() -> assertThat(seen).containsExactly("port 80 at 0"));
  }

  @Test
  void idsStandForKeys() {
    denied(80);
    denied(81);
    turnTo(15);
    denied(80);
    turnTo(60);
    awaitClosed(2);
    Iterator<Wire.FlowResult> results = iterator(-3600);
    List<Wire.FlowResult> three = new ArrayList<>();
    while (three.size() < 3) {
      three.add(results.next());
    }
    three.sort((one, other) -> text(one).compareTo(text(other)));
    assertThat(three.stream().map(GoldmaneStreamTest::text))
        .containsExactly("port 80 at 0", "port 80 at 15", "port 81 at 0");
    assertThat(three.get(0).getId()).isEqualTo(three.get(1).getId());
    assertThat(three.get(0).getId()).isNotEqualTo(three.get(2).getId());
  }

  @Test
  void theHundredAndFirstStreamIsRefused() {
    for (int i = 0; i < 100; i++) {
      iterator(0);
    }
    await().until(() -> flows.statistics().streams() == 100);
    assertThatThrownBy(() -> iterator(0).next())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    streams.cancel(null);
    await().until(() -> flows.statistics().streams() == 0);
  }

  @Test
  void anIntervalOtherThanFifteenSecondsIsRefused() {
    Iterator<Wire.FlowResult> results =
        client().stream(Wire.FlowStreamRequest.newBuilder().setAggregationInterval(30).build());
    assertThatThrownBy(results::next)
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("must be 15 seconds");
  }

  @Test
  void aClientThatDoesNotReadIsCutOffAndCounted() {
    iterator(0); // and nobody reads it
    await().until(() -> flows.statistics().streams() == 1);
    for (int bucket = 0; bucket < 40 && flows.statistics().streams() > 0; bucket++) {
      for (int port = 1; port <= 2_000; port++) {
        flows.offer(judged(now.get(), tcp("10.0.0.1", 4000, "10.0.0.2", port), DENIED));
      }
      denied(2_001);
      turnTo(bucket * 15 + 15);
      awaitClosed(Math.max(0, bucket));
    }
    await().until(() -> flows.statistics().streams() == 0);
    assertThat(flows.drops().get(DropReason.STREAM_CUT)).isEqualTo(1);
  }
}
