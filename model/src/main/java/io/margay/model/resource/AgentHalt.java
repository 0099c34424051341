package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Stops agents at once: nothing that they call is permitted. */
public record AgentHalt(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.AGENT_HALT;
  }

  /**
   * The specification: agents that either of the two names.
   *
   * @param agent name of an agent; empty for none
   * @param selector over labels and attributes of agents; null selects nothing
   * @param until when it ends by itself; null for never
   */
  public record Spec(
      String agent, @Nullable Selector selector, String reason, @Nullable Instant until) {}

  /** Whether it still holds. */
  public boolean holdsAt(Instant now) {
    return spec.until() == null || now.isBefore(spec.until());
  }
}
