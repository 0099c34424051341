package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tools that policies speak of together. */
public record ToolSet(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.TOOL_SET;
  }

  /**
   * The specification: what either of the two names.
   *
   * @param tools {@code server/tool}, or {@code server/*} for all tools of a server
   * @param selector over labels and attributes of tools; null selects nothing
   */
  public record Spec(List<String> tools, @Nullable Selector selector) {
    public Spec {
      tools = List.copyOf(tools);
    }
  }
}
