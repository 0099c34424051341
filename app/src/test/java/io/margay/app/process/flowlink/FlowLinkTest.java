package io.margay.app.process.flowlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowLinkTest {
  private static final PolicyRef POLICY =
      new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "default", "shop", "web");
  private static final Outcome ALLOWED =
      outcome(Verdict.ALLOW, Hit.rule(POLICY, 2, RuleAction.ALLOW));
  private static final Outcome DENIED =
      outcome(Verdict.DENY, Hit.endOfTier("default", RuleAction.DENY, POLICY));
  private static final Packet PACKET =
      new Packet(
          IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"), Protocol.TCP, 40000, 8080);
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

  @TempDir Path folder;
  private final Queue<FlowEvent> received = new ConcurrentLinkedQueue<>();

  @Test
  void eventsArriveAsTheyWereSent() throws IOException {
    List<FlowEvent> sent =
        List.of(
            judged(ALLOWED, new FlowEvent.ServiceAddress(IpAddress.parse("10.96.0.1"), 80)),
            judged(DENIED, null),
            judged(ALLOWED, null),
            new FlowEvent.Counted(
                NOW,
                "node-1",
                PACKET,
                Direction.EGRESS,
                ALLOWED,
                new FlowEvent.Traffic(3, 200),
                FlowEvent.Traffic.NONE,
                true));
    Path socket = folder.resolve("flows.sock");
    try (FlowReceiver receiver = FlowReceiver.start(socket, received::add);
        FlowSender sender = FlowSender.start("node-1", socket)) {
      sent.forEach(sender);
      await().untilAsserted(() -> assertThat(received).containsExactlyElementsOf(sent));
      assertThat(sender.dropped()).isZero();
      assertThat(receiver.dropped()).isEmpty();
    }
  }

  @Test
  void theSenderFindsAReceiverThatStartsLater() throws IOException {
    Path socket = folder.resolve("flows.sock");
    try (FlowSender sender = FlowSender.start("node-1", socket)) {
      sender.accept(judged(DENIED, null));
      try (FlowReceiver receiver = FlowReceiver.start(socket, received::add)) {
        await().untilAsserted(() -> assertThat(received).containsExactly(judged(DENIED, null)));
        assertThat(receiver.dropped()).isEmpty();
      }
    }
  }

  @Test
  void whatDoesNotFitIsCountedAndToldLater() throws IOException {
    Path socket = folder.resolve("flows.sock");
    int tooMany = 10_100;
    try (FlowSender sender = FlowSender.start("node-1", socket)) {
      for (int i = 0; i < tooMany; i++) {
        sender.accept(judged(DENIED, null));
      }
      long lost = sender.dropped();
      assertThat(lost).isEqualTo(100);
      try (FlowReceiver receiver = FlowReceiver.start(socket, received::add)) {
        await().untilAsserted(() -> assertThat(receiver.dropped()).containsEntry("node-1", lost));
        await().untilAsserted(() -> assertThat(received).hasSize(tooMany - 100));
      }
    }
  }

  private static FlowEvent judged(Outcome outcome, FlowEvent.ServiceAddress service) {
    return new FlowEvent.Judged(NOW, "node-1", PACKET, Direction.INGRESS, outcome, 60, 1, service);
  }

  private static Outcome outcome(Verdict verdict, Hit hit) {
    return new Outcome(verdict, List.of(hit), verdict, List.of(hit), List.of());
  }
}
