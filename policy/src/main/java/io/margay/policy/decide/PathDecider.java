package io.margay.policy.decide;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Packet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.EndpointId.EndpointType;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whole paths: egress at the source, then the host endpoints that forward, then ingress at
 * the destination. The first denial ends the way.
 */
public final class PathDecider {
  private final DecisionTables tables;
  private final Map<ResourceKey, Resource> resources;

  /**
   * Makes a decider.
   *
   * @param tables of all nodes
   * @param resources from which the tables were computed, to find peers by name
   */
  public PathDecider(DecisionTables tables, Map<ResourceKey, Resource> resources) {
    this.tables = tables;
    this.resources = resources;
  }

  /**
   * Decides a connection.
   *
   * @throws UnknownPeerException if a peer does not exist or has no address of the family
   */
  public PathDecision decide(Connection connection) {
    Packet packet =
        new Packet(
            address(connection.from(), connection.family()),
            address(connection.to(), connection.family()),
            connection.protocol(),
            connection.sourcePort(),
            connection.destinationPort());
    return decide(
        packet,
        endpoint(connection.from(), packet.source()),
        connection.via(),
        endpoint(connection.to(), packet.destination()));
  }

  /**
   * Decides a packet between these endpoints.
   *
   * @param source null where nobody judges at the source, and likewise for the destination
   * @param via the host endpoints that forward it
   */
  public PathDecision decide(
      Packet packet,
      @Nullable JudgedEndpoint source,
      List<Connection.Via> via,
      @Nullable JudgedEndpoint destination) {
    return new PathDecision(
        packet,
        path(packet, source, via, destination, false),
        path(packet, source, via, destination, true));
  }

  private Path path(
      Packet packet,
      @Nullable JudgedEndpoint source,
      List<Connection.Via> forwarding,
      @Nullable JudgedEndpoint destination,
      boolean pending) {
    List<PathStep> steps = new ArrayList<>();
    if (source != null && denied(steps, source, Direction.EGRESS, false, packet, pending)) {
      return new Path(Verdict.DENY, steps);
    }
    for (Connection.Via via : forwarding) {
      JudgedEndpoint host = host(via.hostEndpoint());
      if (denied(steps, host, via.direction(), true, packet, pending)) {
        return new Path(Verdict.DENY, steps);
      }
    }
    if (destination != null
        && denied(steps, destination, Direction.INGRESS, false, packet, pending)) {
      return new Path(Verdict.DENY, steps);
    }
    return new Path(Verdict.ALLOW, steps);
  }

  private boolean denied(
      List<PathStep> steps,
      JudgedEndpoint endpoint,
      Direction direction,
      boolean forwarding,
      Packet packet,
      boolean pending) {
    List<Hit> trace = new ArrayList<>();
    List<Stage> stages = stages(endpoint, direction, forwarding);
    Stage last = stages.getLast();
    Verdict verdict = Verdict.ALLOW;
    for (Stage stage : stages) {
      Outcome outcome = tables.decide(endpoint, direction, stage, packet);
      if (outcome == null) {
        continue;
      }
      trace.addAll(pending ? outcome.pendingTrace() : outcome.trace());
      Verdict decided = pending ? outcome.pending() : outcome.verdict();
      if (decided != Verdict.CONTINUE) {
        // What is allowed before tracking or NAT is not asked for again at this endpoint.
        verdict = decided;
        last = stage;
        break;
      }
    }
    steps.add(new PathStep(endpoint.id(), direction, forwarding, last, verdict, trace));
    return verdict == Verdict.DENY;
  }

  private static List<Stage> stages(
      JudgedEndpoint endpoint, Direction direction, boolean forwarding) {
    if (endpoint.id().type() == EndpointType.WORKLOAD) {
      return List.of(Stage.NORMAL);
    }
    Stage end = forwarding ? Stage.FORWARD : Stage.NORMAL;
    return switch (direction) {
      case INGRESS -> List.of(Stage.UNTRACKED, Stage.PRE_DNAT, end);
      // The kernel's hook for untracked packets on their way out sees only the host's own.
      case EGRESS -> forwarding ? List.of(end) : List.of(Stage.UNTRACKED, end);
    };
  }

  private @Nullable JudgedEndpoint endpoint(PathPeer peer, IpAddress used) {
    return switch (peer) {
      case PathPeer.Pod(String namespace, String name) ->
          pod(namespace, name).spec().hostNetwork()
              ? owner(used)
              : tables.endpoints().get(EndpointId.pod(namespace, name));
      case PathPeer.Host(String name) -> host(name);
      case PathPeer.Address(IpAddress address) -> owner(address);
    };
  }

  /** A pod before a host endpoint, and the first by name where several claim the address. */
  private @Nullable JudgedEndpoint owner(IpAddress address) {
    return tables.endpoints().values().stream()
        .filter(endpoint -> endpoint.addresses().contains(address))
        .min(Comparator.comparing(JudgedEndpoint::id))
        .orElse(null);
  }

  private JudgedEndpoint host(String name) {
    JudgedEndpoint host = tables.endpoints().get(EndpointId.host(name));
    if (host == null) {
      throw new UnknownPeerException("host endpoint " + name + " does not exist");
    }
    return host;
  }

  private IpAddress address(PathPeer peer, IpFamily family) {
    List<IpAddress> addresses =
        switch (peer) {
          case PathPeer.Address(IpAddress address) -> List.of(address);
          case PathPeer.Pod(String namespace, String name) ->
              pod(namespace, name).status().podIPs().stream().map(Pod.PodIp::ip).toList();
          case PathPeer.Host(String name) -> hostAddresses(name);
        };
    return addresses.stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow(
            () -> new UnknownPeerException(peer + " has no IPv" + family.version() + " address"));
  }

  private Pod pod(String namespace, String name) {
    if (resources.get(new ResourceKey(Kind.POD, namespace, name)) instanceof Pod pod) {
      return pod;
    }
    throw new UnknownPeerException("pod " + namespace + "/" + name + " does not exist");
  }

  /** Those that the host endpoint lists, then those of its node. */
  private List<IpAddress> hostAddresses(String name) {
    if (!(resources.get(new ResourceKey(Kind.HOST_ENDPOINT, "", name))
        instanceof HostEndpoint host)) {
      throw new UnknownPeerException("host endpoint " + name + " does not exist");
    }
    List<IpAddress> addresses = new ArrayList<>(host.spec().expectedIPs());
    if (resources.get(new ResourceKey(Kind.NODE, "", host.spec().node())) instanceof Node node) {
      addresses.addAll(node.ipAddresses());
    }
    return addresses;
  }
}
