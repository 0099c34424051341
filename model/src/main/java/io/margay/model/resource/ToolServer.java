package io.margay.model.resource;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An MCP server, with the tools that are known of it. */
public record ToolServer(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.TOOL_SERVER;
  }

  /** The tool of this name, if it is declared. */
  public Optional<Tool> tool(String name) {
    return spec.tools().stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  /**
   * The specification.
   *
   * @param url of its MCP endpoint
   * @param caBundle who vouches for it; empty for the public authorities
   * @param dataClasses of all data that it gives out; also of tools that say nothing themselves
   */
  public record Spec(
      String url,
      Optional<CaBundle> caBundle,
      String owner,
      String team,
      String environment,
      Set<String> dataClasses,
      List<Tool> tools) {

    public Spec {
      dataClasses = Set.copyOf(dataClasses);
      tools = List.copyOf(tools);
    }
  }

  /**
   * A tool.
   *
   * @param definitionHash of the definition that was approved, {@code sha256:} and 64 hexadecimal
   *     digits; empty when none was
   * @param dataClass of what it gives out; empty for all that the server names
   * @param readOnly whether it changes nothing. Somebody of ours says so, not the server
   * @param external whether what is sent to it leaves the organisation
   * @param arguments what its input schema declares; empty without an input schema
   */
  public record Tool(
      String name,
      String definitionHash,
      String dataClass,
      boolean readOnly,
      boolean external,
      Optional<ToolArguments> arguments) {}
}
