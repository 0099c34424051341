package io.margay.flows.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.margay.flows.collect.NodeStates.Heard;
import io.margay.flows.collect.proto.NodeWire;
import io.margay.flows.collect.proto.NodesGrpc;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node tells two gathering processes how it is, over socket files. */
@Timeout(60)
class NodeReporterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path folder;
  private final List<NodeStates> gatherers = new ArrayList<>();
  private final List<FlowAddress> addresses = new ArrayList<>();
  private final List<FlowServer> servers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < 2; i++) {
      NodeStates states = new NodeStates(() -> NOW);
      gatherers.add(states);
      addresses.add(new FlowAddress.UnixSocket(folder.resolve("gatherer-" + i)));
      servers.add(FlowServer.start(addresses.get(i), null, List.of(states), new CallEndings()));
    }
  }

  @AfterEach
  void stop() {
    servers.forEach(FlowServer::close);
  }

  @Test
  void bothHearEverythingAtTheirOwnTime() {
    NodeState state =
        new NodeState(
            "node-1",
            "1.2",
            "nftables",
            new NodeState.Programming(
                7,
                1,
                0.5,
                2.25,
                1.5,
                List.of(
                    new NodeState.TimeBucket(0.001, 6),
                    new NodeState.TimeBucket(Double.POSITIVE_INFINITY, 1)),
                0.0125),
            Map.of("classes", 12L),
            Map.of("events_lost", 3L));
    try (NodeReporter reporter = NodeReporter.start(addresses, null, () -> state)) {
      await()
          .untilAsserted(() ->
              assertThat(gatherers)
                  .allSatisfy(gatherer ->
                      assertThat(gatherer.heard()).containsExactly(new Heard(state, NOW))));
    }
  }

  @Test
  void oneThatIsNotThereDoesNotKeepTheOtherFromHearing() {
    servers.removeFirst().close();
    NodeState state = new NodeState("node-1", "1.2", "simulated", null, Map.of(), Map.of());
    try (NodeReporter reporter = NodeReporter.start(addresses, null, () -> state)) {
      await()
          .untilAsserted(
              () -> assertThat(gatherers.get(1).heard()).containsExactly(new Heard(state, NOW)));
    }
    assertThat(gatherers.getFirst().heard()).isEmpty();
  }

  @Test
  void whatIsNoNodeIsRefused() {
    try (FlowChannel channel = FlowChannel.to(addresses.getFirst(), null)) {
      NodesGrpc.NodesBlockingStub client = NodesGrpc.newBlockingStub(channel.channel());
      assertThatThrownBy(() -> client.report(NodeWire.State.getDefaultInstance()))
          .hasMessageContaining("INVALID_ARGUMENT")
          .hasMessageContaining("write that of the node");
      NodeWire.State.Builder many = NodeWire.State.newBuilder().setName("node-1");
      for (int i = 0; i < 201; i++) {
        many.putTables("size-" + i, 1);
      }
      assertThatThrownBy(() -> client.report(many.build()))
          .hasMessageContaining("more than 200 figures");
    }
    assertThat(gatherers.getFirst().heard()).isEmpty();
  }

  @Test
  void timesThatAreNoHistogramAreRefused() {
    try (FlowChannel channel = FlowChannel.to(addresses.getFirst(), null)) {
      NodesGrpc.NodesBlockingStub client = NodesGrpc.newBlockingStub(channel.channel());
      double rest = Double.POSITIVE_INFINITY;
      for (List<NodeState.TimeBucket> times :
          List.of(
              List.of(new NodeState.TimeBucket(0.001, 1)),
              List.of(new NodeState.TimeBucket(0.002, 1), new NodeState.TimeBucket(0.001, 1)),
              List.of(new NodeState.TimeBucket(Double.NaN, 1), new NodeState.TimeBucket(rest, 1)),
              List.of(new NodeState.TimeBucket(0.001, -1), new NodeState.TimeBucket(rest, 1)))) {
        NodeState state =
            new NodeState(
                "node-1",
                "1.2",
                "nftables",
                new NodeState.Programming(1, 0, 1, 1, 1, times, 1),
                Map.of(),
                Map.of());
        assertThatThrownBy(() -> client.report(state.wire()))
            .as(times.toString())
            .hasMessageContaining("the times are no histogram");
      }
    }
    assertThat(gatherers.getFirst().heard()).isEmpty();
  }
}
