package io.margay.flows.history;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.BY_PROFILE;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.counted;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.removed;
import static io.margay.flows.Fixtures.service;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowService;
import io.margay.flows.Reporter;
import io.margay.flows.history.FlowAggregator.Published;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.resource.Pod;
import io.margay.model.verdict.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowAggregatorTest {
  private static final FlowLimits LIMITS =
      new FlowLimits(
          100, 4, 3, 6, 3, Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(2), 4, 2);

  private final DropCounters drops = new DropCounters();
  private final FlowAggregator aggregator = new FlowAggregator(LIMITS, drops);
  private final Pod client = pod("shop", "web-1", Map.of("app", "web", "pod", "1"), "10.0.0.1");
  private final Packet packet = tcp("10.0.0.1", 40000, "10.0.0.2", 8080);

  @BeforeEach
  void cluster() {
    aggregator.apply(upsert(client));
    aggregator.apply(upsert(pod("shop", "web-2", Map.of("app", "web", "pod", "2"), "10.0.0.3")));
    aggregator.apply(upsert(pod("shop", "cart-1", Map.of("app", "cart"), "10.0.0.2")));
    aggregator.apply(upsert(service("shop", "cart", "10.96.0.1", 80)));
  }

  private void accept(FlowEvent event) {
    aggregator.accept(event, event.at());
  }

  private List<Flow> flows(Instant now) {
    return aggregator.publish(now).history().flows().toList();
  }

  private static Packet from(String source, int port) {
    return tcp(source, port, "10.0.0.2", 8080);
  }

  @Test
  void anAllowedConnectionIsCountedOnceFromItsFirstPacketToItsEnd() {
    accept(judged(T0, packet, ALLOWED, 1, new ServiceAddress(IpAddress.parse("10.96.0.1"), 80)));
    Flow flow = flows(T0).getFirst();
    assertThat(flow.key().source().name()).isEqualTo("web-*");
    assertThat(flow.key().dest().name()).isEqualTo("cart-*");
    assertThat(flow.key().destPort()).isEqualTo(8080);
    assertThat(flow.key().service()).isEqualTo(new FlowService("cart", "shop", "http", 80));
    assertThat(flow.key().reporter()).isEqualTo(Reporter.DESTINATION);
    assertThat(flow.start()).isEqualTo(T0);
    assertThat(flow.end()).isEqualTo(T0.plusSeconds(15));
    assertThat(flow.counters()).isEqualTo(new FlowCounters(1, 0, 60, 0, 1, 0, 1));

    accept(
        counted(
            T0.plusSeconds(3), packet, ALLOWED, new Traffic(5, 400), new Traffic(4, 900), false));
    assertThat(flows(T0.plusSeconds(3)).getFirst().counters())
        .isEqualTo(new FlowCounters(5, 4, 400, 900, 1, 0, 1));

    accept(counted(T0.plusSeconds(4), packet, ALLOWED, new Traffic(1, 40), Traffic.NONE, true));
    assertThat(flows(T0.plusSeconds(4)).getFirst().counters())
        .isEqualTo(new FlowCounters(6, 4, 440, 900, 1, 1, 0));
  }

  @Test
  void theFarEndLearnsTheServiceFromTheReportOfTheNearOne() {
    ServiceAddress cart = new ServiceAddress(IpAddress.parse("10.96.0.1"), 80);
    accept(new FlowEvent.Judged(T0, "node-1", packet, Direction.EGRESS, ALLOWED, 60, 1, cart));
    accept(new FlowEvent.Judged(T0, "node-2", packet, Direction.INGRESS, ALLOWED, 60, 1, null));
    accept(judged(T0, from("10.0.0.3", 9), ALLOWED));
    assertThat(flows(T0))
        .extracting(flow -> flow.key().reporter() + " " + (flow.key().service() != null))
        .containsExactlyInAnyOrder("SOURCE true", "DESTINATION true", "DESTINATION false");
  }

  @Test
  void countersFindTheirFlowWhenThePodIsGone() {
    accept(judged(T0, packet, ALLOWED));
    aggregator.apply(removed(client));
    accept(counted(T0.plusSeconds(1), packet, ALLOWED, new Traffic(3, 200), Traffic.NONE, true));
    assertThat(flows(T0.plusSeconds(1)))
        .singleElement()
        .satisfies(flow -> assertThat(flow.key().source().name()).isEqualTo("web-*"));
  }

  @Test
  void countersOfAConnectionWhoseStartWasSkippedAreCountedInFull() {
    accept(counted(T0, packet, ALLOWED, new Traffic(3, 200), new Traffic(2, 100), false));
    accept(
        counted(T0.plusSeconds(1), packet, ALLOWED, new Traffic(1, 10), new Traffic(1, 10), true));
    assertThat(flows(T0.plusSeconds(1)).getFirst().counters())
        .isEqualTo(new FlowCounters(4, 3, 210, 110, 0, 1, 0));
  }

  @Test
  void deniedAttemptsCountAsManyAsTheyStandFor() {
    accept(judged(T0, packet, DENIED, 5, null));
    accept(judged(T0, packet, DENIED, 1, null));
    assertThat(flows(T0).getFirst().counters()).isEqualTo(new FlowCounters(6, 0, 360, 0, 6, 0, 0));
  }

  @Test
  void flowsAreToldApartByVerdictPortAndTraceAndNotBySourcePort() {
    accept(judged(T0, from("10.0.0.1", 1), ALLOWED));
    accept(judged(T0, from("10.0.0.1", 2), ALLOWED));
    accept(judged(T0, from("10.0.0.3", 3), ALLOWED));
    accept(judged(T0, from("10.0.0.1", 4), DENIED));
    accept(judged(T0, from("10.0.0.1", 5), BY_PROFILE));
    List<Flow> flows = flows(T0);
    assertThat(flows).hasSize(3);
    Flow shared = flows.stream().filter(f -> f.counters().started() == 3).findFirst().orElseThrow();
    assertThat(shared.sourceLabels()).contains("app=web").doesNotContain("pod=1", "pod=2");
  }

  @Test
  void bucketsAreFifteenSecondsFromTheEpochAndLateEventsGoToTheirOwn() {
    accept(judged(T0.plusMillis(14_999), from("10.0.0.1", 1), ALLOWED));
    accept(judged(T0.plusSeconds(15), from("10.0.0.1", 2), ALLOWED));
    aggregator.accept(judged(T0.plusSeconds(2), from("10.0.0.1", 3), ALLOWED), T0.plusSeconds(20));
    FlowHistory history = aggregator.publish(T0.plusSeconds(20)).history();
    assertThat(history.buckets())
        .extracting(FlowBucket::start)
        .containsExactly(T0, T0.plusSeconds(15));
    assertThat(history.flows().map(flow -> flow.counters().started())).containsExactly(2L, 1L);
    assertThat(history.flows().map(Flow::keyNumber).distinct()).hasSize(1);
  }

  @Test
  void whatIsTooOldOrFromTheFutureIsDroppedAndCounted() {
    Instant now = T0.plusSeconds(300);
    aggregator.accept(judged(now.minusSeconds(61), packet, DENIED), now);
    aggregator.accept(judged(now.plusSeconds(30), packet, DENIED), now);
    assertThat(flows(now)).isEmpty();
    assertThat(drops.get(DropReason.TOO_OLD)).isEqualTo(1);
    assertThat(drops.get(DropReason.TOO_NEW)).isEqualTo(1);
    aggregator.accept(judged(now.minusSeconds(60), packet, DENIED), now);
    aggregator.accept(judged(now.plusSeconds(29), packet, DENIED), now);
    assertThat(flows(now)).hasSize(2);
  }

  @Test
  void aFullBucketTakesNoNewKeysButCountsTheKnownOnes() {
    for (int port = 1; port <= 5; port++) {
      accept(judged(T0, tcp("10.0.0.1", 9, "10.0.0.2", port), DENIED));
    }
    accept(judged(T0, tcp("10.0.0.1", 9, "10.0.0.2", 1), DENIED));
    assertThat(flows(T0)).hasSize(3);
    assertThat(drops.get(DropReason.BUCKET_FULL)).isEqualTo(2);
  }

  @Test
  void tooManyFlowsShortenTheHistoryFromItsOldEnd() {
    for (int bucket = 0; bucket < 3; bucket++) {
      for (int port = 1; port <= 3; port++) {
        accept(judged(T0.plusSeconds(15L * bucket), tcp("10.0.0.1", 9, "10.0.0.2", port), DENIED));
      }
    }
    FlowHistory history = aggregator.publish(T0.plusSeconds(30)).history();
    assertThat(history.buckets())
        .extracting(FlowBucket::start)
        .containsExactly(T0.plusSeconds(15), T0.plusSeconds(30));
    assertThat(drops.get(DropReason.HISTORY_SHORTENED)).isEqualTo(3);
  }

  @Test
  void oldBucketsLeaveTheRing() {
    accept(judged(T0, packet, DENIED));
    assertThat(flows(T0.plusSeconds(60))).hasSize(1);
    assertThat(flows(T0.plusSeconds(75))).isEmpty();
    assertThat(aggregator.sizes().flows()).isZero();
  }

  @Test
  void idleAndTooManyConnectionsAreForgottenAndCounted() {
    for (int port = 1; port <= 4; port++) {
      accept(judged(T0.plusMillis(port), from("10.0.0.1", port), ALLOWED));
    }
    aggregator.publish(T0);
    assertThat(aggregator.sizes().connections()).isEqualTo(3);
    assertThat(drops.get(DropReason.CONNECTION_FORGOTTEN)).isEqualTo(1);
    aggregator.publish(T0.plusSeconds(61));
    assertThat(aggregator.sizes().connections()).isZero();
    assertThat(drops.get(DropReason.CONNECTION_FORGOTTEN)).isEqualTo(4);
    // Nothing is live any more, which the next news of the flow tells.
    Instant later = T0.plusSeconds(62);
    accept(counted(later, packet, ALLOWED, new Traffic(1, 1), Traffic.NONE, true));
    Flow last = flows(later).getLast();
    assertThat(last.counters().live()).isZero();
  }

  @Test
  void aReusedPortIsOneLiveConnection() {
    accept(judged(T0, packet, ALLOWED));
    accept(judged(T0, packet, ALLOWED));
    assertThat(flows(T0).getFirst().counters().live()).isEqualTo(1);
    assertThat(flows(T0).getFirst().counters().started()).isEqualTo(2);
  }

  @Test
  void viewsTellWhatIsNewAndStayAsTheyWere() {
    accept(judged(T0, packet, ALLOWED));
    Published first = aggregator.publish(T0);
    assertThat(first.changed()).hasSize(1);
    assertThat(aggregator.hasNews(T0)).isFalse();
    accept(judged(T0.plusSeconds(1), from("10.0.0.1", 77), DENIED));
    assertThat(aggregator.hasNews(T0)).isTrue();
    Published second = aggregator.publish(T0.plusSeconds(1));
    assertThat(second.changed())
        .extracting(Flow::key)
        .doesNotContain(first.changed().getFirst().key());
    assertThat(first.history().flows()).hasSize(1);
    assertThat(second.history().flows()).hasSize(2);
    assertThat(second.history().changedAfter(first.history().version()))
        .containsExactlyElementsOf(second.changed());
  }

  @Test
  void everyBucketClosesOnceAfterWaitingForLateEvents() {
    accept(judged(T0, packet, DENIED));
    assertThat(aggregator.publish(T0.plusSeconds(1)).closed()).isEmpty();
    assertThat(aggregator.hasNews(T0.plusSeconds(16))).isFalse();
    assertThat(aggregator.hasNews(T0.plusSeconds(17))).isTrue();
    assertThat(aggregator.publish(T0.plusSeconds(17)).closed())
        .singleElement()
        .satisfies(bucket -> assertThat(bucket.flows()).hasSize(1));
    assertThat(aggregator.publish(T0.plusSeconds(40)).closed()).isEmpty();
  }

  /** Readers find keys by their places, which go from forgotten keys to new ones. */
  @Test
  void eachKeyOfAViewHasAPlaceOfItsOwn() {
    for (int second = 0; second < 3_000; second += 5) {
      Instant now = T0.plusSeconds(second);
      accept(judged(now, tcp("10.0.0.1", 1, "10.0.0.2", 1 + second % 700), DENIED));
      FlowHistory history = aggregator.publish(now).history();
      Map<Integer, Long> numbers = new HashMap<>();
      for (FlowBucket bucket : history.buckets()) {
        for (int i = 0; i < bucket.flows().size(); i++) {
          long number = bucket.flows().get(i).keyNumber();
          assertThat(numbers.merge(bucket.place(i), number, (known, other) -> known))
              .isEqualTo(number);
          assertThat(bucket.place(i)).isLessThan(bucket.placesEnd());
        }
      }
      assertThat(numbers.values()).doesNotHaveDuplicates();
      assertThat(numbers.keySet()).allMatch(place -> place < 40);
    }
  }
}
