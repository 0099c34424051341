package io.margay.policy.engine;

import io.margay.model.resource.ResourceKey;
import java.util.HashSet;
import java.util.Set;

/** Whose endpoints an engine judges. Peers are always those of the whole cluster. */
public sealed interface Scope {

  /** The endpoints of one node, as a node's own process needs them. */
  record Node(String name) implements Scope {}

  /** The endpoints of all nodes: for tests and previews. */
  record AllNodes() implements Scope {}

  /** These endpoints only, so that a single question costs little in a large cluster. */
  record Only(Set<ResourceKey> endpoints) implements Scope {
    public Only {
      endpoints = Set.copyOf(endpoints);
    }
  }

  static Scope node(String name) {
    return new Node(name);
  }

  static Scope allNodes() {
    return new AllNodes();
  }

  static Scope only(Set<ResourceKey> endpoints) {
    return new Only(endpoints);
  }

  /** With these endpoints as well; a node's own cannot have others. */
  default Scope plus(Set<ResourceKey> more) {
    return switch (this) {
      case Node _, AllNodes() -> this;
      case Only(Set<ResourceKey> endpoints) -> {
        Set<ResourceKey> all = new HashSet<>(endpoints);
        all.addAll(more);
        yield only(all);
      }
    };
  }

  /**
   * Whether an endpoint is judged.
   *
   * @param node where it is
   */
  default boolean includes(ResourceKey endpoint, String node) {
    return switch (this) {
      case Node(String name) -> name.equals(node);
      case AllNodes() -> true;
      case Only(Set<ResourceKey> endpoints) -> endpoints.contains(endpoint);
    };
  }
}
