package io.margay.cedar.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The transitive closure of a relation from children to parents. */
record Hierarchy<N extends Comparable<? super N>>(
    Map<N, SortedSet<N>> ancestorsOf, Map<N, SortedSet<N>> descendantsOf) {

  static <N extends Comparable<? super N>> Hierarchy<N> of(SortedMap<N, SortedSet<N>> parents) {
    Map<N, SortedSet<N>> ancestors = new TreeMap<>();
    Map<N, SortedSet<N>> descendants = new TreeMap<>();
    for (N node : parents.keySet()) {
      SortedSet<N> reached = reach(node, parents);
      ancestors.put(node, reached);
      for (N ancestor : reached) {
        descendants.computeIfAbsent(ancestor, a -> new TreeSet<>()).add(node);
      }
    }
    return new Hierarchy<>(ancestors, descendants);
  }

  private static <N extends Comparable<? super N>> SortedSet<N> reach(
      N start, SortedMap<N, SortedSet<N>> parents) {
    SortedSet<N> reached = new TreeSet<>();
    Deque<N> open = new ArrayDeque<>();
    open.add(start);
    while (!open.isEmpty()) {
      for (N parent : parents.getOrDefault(open.remove(), new TreeSet<>())) {
        if (reached.add(parent)) {
          open.add(parent);
        }
      }
    }
    return reached;
  }

  SortedSet<N> ancestors(N node) {
    return ancestorsOf.getOrDefault(node, new TreeSet<>());
  }

  SortedSet<N> descendants(N node) {
    return descendantsOf.getOrDefault(node, new TreeSet<>());
  }

  /** Nodes that are their own ancestors. */
  Set<N> cyclic() {
    SortedSet<N> cyclic = new TreeSet<>();
    ancestorsOf.forEach((node, ancestors) -> {
      if (ancestors.contains(node)) {
        cyclic.add(node);
      }
    });
    return cyclic;
  }
}
