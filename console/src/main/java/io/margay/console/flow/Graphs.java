package io.margay.console.flow;

import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowGraph.Edge;
import io.margay.flows.query.FlowGraph.Node;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Joins graphs, and nodes of a graph. */
final class Graphs {
  private static final Comparator<Ends> ORDER =
      Comparator.comparing(Ends::from).thenComparing(Ends::to);

  private Graphs() {}

  private record Ends(Node from, Node to) {}

  static FlowGraph plus(FlowGraph one, FlowGraph other) {
    return of(Stream.concat(one.edges().stream(), other.edges().stream()));
  }

  /** The graph in which each node is what it stands for in another one. */
  static FlowGraph map(FlowGraph graph, UnaryOperator<Node> standsFor) {
    return of(
        graph.edges().stream()
            .map(edge ->
                new Edge(
                    standsFor.apply(edge.from()),
                    standsFor.apply(edge.to()),
                    edge.allowed(),
                    edge.denied(),
                    edge.pendingDiffers())));
  }

  private static FlowGraph of(Stream<Edge> edges) {
    TreeMap<Ends, Edge> sums = new TreeMap<>(ORDER);
    TreeSet<Node> nodes = new TreeSet<>();
    edges.forEach(edge -> {
      nodes.add(edge.from());
      nodes.add(edge.to());
      sums.merge(new Ends(edge.from(), edge.to()), edge, Graphs::sum);
    });
    return new FlowGraph(List.copyOf(nodes), List.copyOf(sums.values()));
  }

  private static Edge sum(Edge one, Edge other) {
    return new Edge(
        one.from(),
        one.to(),
        one.allowed().plus(other.allowed()),
        one.denied().plus(other.denied()),
        one.pendingDiffers().plus(other.pendingDiffers()));
  }
}
