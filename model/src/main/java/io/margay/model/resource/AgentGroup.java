package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Agents that policies speak of together, as {@code Group::"name"}. The kind has a longer name,
 * since a Group is something else in Kubernetes.
 */
public record AgentGroup(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.AGENT_GROUP;
  }

  /**
   * The specification: what either of the two names.
   *
   * @param members names of agents
   * @param selector over labels and attributes of agents; null selects nothing
   */
  public record Spec(List<String> members, @Nullable Selector selector) {
    public Spec {
      members = List.copyOf(members);
    }
  }
}
