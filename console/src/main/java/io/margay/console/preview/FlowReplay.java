package io.margay.console.preview;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowJson;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.PathStep;
import io.margay.policy.decide.UnknownPeerException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A recorded flow as connections that can be decided anew: between pods of the same owners, or with
 * one address of each group of outside addresses.
 *
 * @param connections none if an end is gone
 * @param reason why it cannot be decided; empty if it can
 */
record FlowReplay(Flow flow, List<Connection> connections, String reason) {
  private static final int EPHEMERAL_PORT = 40_000;
  private static final int ECHO = 8 << 8;
  private static final int ECHO_6 = 128 << 8;

  FlowReplay {
    connections = List.copyOf(connections);
  }

  static FlowReplay of(Flow flow, ClusterView view, OutsideAddresses outside) {
    FlowKey key = flow.key();
    List<PathPeer> sources = peers(key.source(), view, outside);
    List<PathPeer> dests = peers(key.dest(), view, outside);
    if (sources.isEmpty() || dests.isEmpty()) {
      FlowPeer gone = sources.isEmpty() ? key.source() : key.dest();
      return new FlowReplay(
          flow, List.of(), FlowJson.displayName(gone.name()) + " is not there any more");
    }
    List<Connection> connections = new ArrayList<>();
    for (PathPeer source : sources) {
      for (PathPeer dest : dests) {
        connections.add(connection(key, source, dest));
      }
    }
    return new FlowReplay(flow, connections, "");
  }

  private static Connection connection(FlowKey key, PathPeer source, PathPeer dest) {
    int port =
        key.protocol().isIcmp() ? (key.protocol().number() == 1 ? ECHO : ECHO_6) : key.destPort();
    return new Connection(
        source,
        dest,
        family(source, dest),
        key.protocol(),
        key.protocol().hasPorts() ? EPHEMERAL_PORT : 0,
        port,
        List.of());
  }

  private static IpFamily family(PathPeer source, PathPeer dest) {
    return Stream.of(source, dest)
        .filter(PathPeer.Address.class::isInstance)
        .map(peer -> ((PathPeer.Address) peer).address().family())
        .findFirst()
        .orElse(IpFamily.IPV4);
  }

  private static List<PathPeer> peers(FlowPeer peer, ClusterView view, OutsideAddresses outside) {
    return switch (peer.type()) {
      case WORKLOAD_ENDPOINT, HOST_ENDPOINT ->
          view.named(peer.namespace(), peer.name()).stream()
              .limit(1)
              .map(FlowReplay::peer)
              .toList();
      case NETWORK_SET -> set(peer, view);
      case NETWORK -> outside.of(peer).stream().<PathPeer>map(PathPeer.Address::new).toList();
    };
  }

  private static PathPeer peer(ClusterEndpoint endpoint) {
    return endpoint.isPod()
        ? new PathPeer.Pod(endpoint.key().namespace(), endpoint.key().name())
        : new PathPeer.Host(endpoint.key().name());
  }

  private static List<PathPeer> set(FlowPeer peer, ClusterView view) {
    boolean global = peer.namespace().equals(FlowPeer.NO_NAMESPACE);
    ResourceKey key =
        new ResourceKey(
            global ? Kind.GLOBAL_NETWORK_SET : Kind.NETWORK_SET,
            global ? "" : peer.namespace(),
            peer.name());
    var set = view.resources().get(key);
    return set == null
        ? List.of()
        : OutsideAddresses.nets(set).stream()
            .map(Cidr::address)
            .map((IpAddress address) -> (PathPeer) new PathPeer.Address(address))
            .limit(8)
            .toList();
  }

  /**
   * The verdicts of the end that reported the flow, one for each connection.
   *
   * @param pending whether staged policies count
   */
  List<Verdict> decide(PathDecider decider, boolean pending) {
    List<Verdict> verdicts = new ArrayList<>(connections.size());
    for (Connection connection : connections) {
      verdicts.add(decide(decider, connection, pending));
    }
    return verdicts;
  }

  private Verdict decide(PathDecider decider, Connection connection, boolean pending) {
    PathDecision decision;
    try {
      decision = decider.decide(connection);
    } catch (UnknownPeerException e) {
      // The pods have no IPv4 address, or the host has none that is known.
      return Verdict.CONTINUE;
    }
    Path path = pending ? decision.pending() : decision.enforced();
    if (flow.key().reporter() == Reporter.DESTINATION) {
      return path.verdict();
    }
    // What the far end says does not change what the source reports.
    return path.steps().stream()
        .filter(step -> step.direction() == Direction.EGRESS)
        .map(PathStep::verdict)
        .filter(verdict -> verdict == Verdict.DENY)
        .findFirst()
        .orElse(Verdict.ALLOW);
  }
}
