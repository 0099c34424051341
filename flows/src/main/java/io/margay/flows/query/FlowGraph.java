package io.margay.flows.query;

import java.util.Comparator;
import java.util.List;

/** Who spoke to whom, and what became of it. Nodes and edges are sorted. */
public record FlowGraph(List<Node> nodes, List<Edge> edges) {
  public FlowGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** What a node stands for. */
  public enum NodeKind {
    NAMESPACE,
    WORKLOAD,
    SERVICE,
    HOST,
    NETWORK_SET,
    /** Addresses that belong to nothing known, on the Internet or private. */
    OUTSIDE
  }

  /**
   * @param namespace {@value io.margay.flows.FlowPeer#NO_NAMESPACE} for what has none
   * @param name of a namespace: its own
   */
  public record Node(NodeKind kind, String namespace, String name) implements Comparable<Node> {
    private static final Comparator<Node> ORDER =
        Comparator.comparing(Node::kind).thenComparing(Node::namespace).thenComparing(Node::name);

    @Override
    public int compareTo(Node other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param allowed what was not denied
   * @param pendingDiffers the part, allowed or denied, whose verdict staged policies would change
   */
  public record Edge(Node from, Node to, Volume allowed, Volume denied, Volume pendingDiffers) {}
}
