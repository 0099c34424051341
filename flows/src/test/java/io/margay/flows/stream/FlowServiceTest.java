package io.margay.flows.stream;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowSubscription.Mode;
import io.margay.model.flow.FlowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowServiceTest {
  private static final FlowLimits LIMITS =
      new FlowLimits(
          4,
          240,
          100,
          1000,
          100,
          Duration.ofMinutes(1),
          Duration.ZERO,
          Duration.ofSeconds(2),
          2,
          2);

  private final AtomicReference<Instant> now = new AtomicReference<>(T0);
  private final FlowService service = new FlowService(LIMITS, now::get);

  @AfterEach
  void stop() {
    service.close();
  }

  private static FlowEvent attempt(int port) {
    return judged(T0, tcp("10.0.0.1", 1, "10.0.0.2", port), DENIED);
  }

  @Test
  void eventsThatDoNotFitAreCountedAndChangesAlwaysFit() {
    for (int i = 0; i < 10; i++) {
      service.apply(upsert(pod("shop", "web", Map.of(), "10.0.0.1")));
      assertThat(service.offer(attempt(80 + i))).isEqualTo(i < 4);
    }
    assertThat(service.drops().get(DropReason.QUEUE_FULL)).isEqualTo(6);
    service.start();
    await().until(() -> service.history().flows().count() == 4);
    assertThat(service.history().flows())
        .allSatisfy(flow -> assertThat(flow.key().source().name()).isEqualTo("web"));
    assertThat(service.statistics().events()).isEqualTo(4);
    assertThat(service.offer(attempt(99))).isTrue();
  }

  @Test
  void liveStreamsContinueTheirStartingView() throws Exception {
    service.offer(attempt(80));
    service.start();
    await().until(() -> service.history().flows().count() == 1);
    try (FlowSubscription stream = service.subscribe(Mode.LIVE).orElseThrow()) {
      assertThat(stream.start().flows()).hasSize(1);
      service.offer(attempt(81));
      FlowBatch batch = stream.poll(Duration.ofSeconds(10));
      assertThat(batch.version()).isGreaterThan(stream.start().version());
      assertThat(batch.flows()).extracting(flow -> flow.key().destPort()).containsExactly(81);
      assertThat(stream.poll(Duration.ofMillis(1))).isNull();
    }
    assertThat(service.statistics().streams()).isZero();
  }

  @Test
  void bucketStreamsGetEachBucketWhenItClosesThoughNothingElseHappens() throws Exception {
    service.start();
    try (FlowSubscription stream = service.subscribe(Mode.CLOSED_BUCKETS).orElseThrow()) {
      service.offer(judged(T0, tcp("10.0.0.1", 1, "10.0.0.2", 80), ALLOWED));
      await().until(() -> service.history().flows().count() == 1);
      assertThat(stream.poll(Duration.ofMillis(1))).isNull();
      now.set(T0.plusSeconds(17));
      FlowBatch batch = stream.poll(Duration.ofSeconds(10));
      assertThat(batch.flows()).extracting(Flow::bucket).containsExactly(T0);
    }
  }

  @Test
  void slowReadersAreCutOffAndCounted() {
    service.start();
    FlowSubscription slow = service.subscribe(Mode.LIVE).orElseThrow();
    for (int i = 0; i < 3; i++) {
      int port = 80 + i;
      service.offer(attempt(port));
      await()
          .until(() -> service.history().flows().anyMatch(flow -> flow.key().destPort() == port));
    }
    await().until(slow::isCut);
    assertThat(service.drops().get(DropReason.STREAM_CUT)).isEqualTo(1);
    assertThat(service.statistics().streams()).isZero();
  }

  @Test
  void streamsAreLimitedAndEndWithTheService() {
    FlowSubscription one = service.subscribe(Mode.LIVE).orElseThrow();
    assertThat(service.subscribe(Mode.LIVE)).isPresent();
    assertThat(service.subscribe(Mode.LIVE)).isEmpty();
    one.close();
    FlowSubscription next = service.subscribe(Mode.LIVE).orElseThrow();
    service.close();
    assertThat(next.isCut()).isTrue();
  }
}
