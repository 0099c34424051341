package io.margay.policy.engine;

/** Whose endpoints an engine judges. Peers are always those of the whole cluster. */
public sealed interface Scope {

  /** The endpoints of one node, as a node's own process needs them. */
  record Node(String name) implements Scope {}

  /** The endpoints of all nodes: for tests, explanations and previews. */
  record AllNodes() implements Scope {}

  static Scope node(String name) {
    return new Node(name);
  }

  static Scope allNodes() {
    return new AllNodes();
  }

  default boolean includes(String node) {
    return switch (this) {
      case Node(String name) -> name.equals(node);
      case AllNodes() -> true;
    };
  }
}
