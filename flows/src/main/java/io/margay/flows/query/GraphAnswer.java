package io.margay.flows.query;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.query.FlowGraph.Edge;
import io.margay.flows.query.FlowGraph.Node;
import io.margay.flows.query.FlowGraph.NodeKind;
import io.margay.model.resource.RuleAction;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Adds up flows to a graph. */
public final class GraphAnswer {
  private final GraphLevel level;
  private final TreeMap<Node, TreeMap<Node, Edge>> edges = new TreeMap<>();

  public GraphAnswer(GraphLevel level) {
    this.level = level;
  }

  /** Adds what flows of one key carried. */
  public void add(FlowKey key, Volume volume) {
    Node from = node(key.source());
    Node to = destination(key);
    boolean denied = key.trace().action() == RuleAction.DENY;
    Edge edge =
        new Edge(
            from,
            to,
            denied ? Volume.NONE : volume,
            denied ? volume : Volume.NONE,
            key.trace().pendingDiffers() ? volume : Volume.NONE);
    edges.computeIfAbsent(from, f -> new TreeMap<>()).merge(to, edge, GraphAnswer::plus);
  }

  private static Edge plus(Edge one, Edge other) {
    return new Edge(
        one.from(),
        one.to(),
        one.allowed().plus(other.allowed()),
        one.denied().plus(other.denied()),
        one.pendingDiffers().plus(other.pendingDiffers()));
  }

  private Node destination(FlowKey key) {
    FlowService service = key.service();
    return level == GraphLevel.SERVICE && service != null
        ? new Node(NodeKind.SERVICE, service.namespace(), service.name())
        : node(key.dest());
  }

  private Node node(FlowPeer peer) {
    return switch (peer.type()) {
      case WORKLOAD_ENDPOINT ->
          level == GraphLevel.NAMESPACE
              ? new Node(NodeKind.NAMESPACE, FlowPeer.NO_NAMESPACE, peer.namespace())
              : new Node(NodeKind.WORKLOAD, peer.namespace(), peer.name());
      case HOST_ENDPOINT -> new Node(NodeKind.HOST, peer.namespace(), peer.name());
      case NETWORK_SET -> new Node(NodeKind.NETWORK_SET, peer.namespace(), peer.name());
      case NETWORK -> new Node(NodeKind.OUTSIDE, peer.namespace(), peer.name());
    };
  }

  public FlowGraph result() {
    List<Edge> all = edges.values().stream().flatMap(to -> to.values().stream()).toList();
    TreeSet<Node> nodes = new TreeSet<>();
    for (Edge edge : all) {
      nodes.add(edge.from());
      nodes.add(edge.to());
    }
    return new FlowGraph(List.copyOf(nodes), all);
  }
}
