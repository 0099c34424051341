package io.margay.agents.registry;

import io.margay.agents.call.Protocol;
import io.margay.agents.registry.Actions.Action;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.CedarText;
import io.margay.model.resource.ToolArguments;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The Cedar schema that all policies about agents must fit. */
final class AgentSchema {
  private static final String ENTITIES =
      """
      // What policies about agents can speak of. Generated from the registry's kinds and tools.

      // AgentGroup resources.
      entity Group;

      entity Agent in [Group] = {
        name: String,
        owner: String,
        team: String,
        purpose: String,
        risk_level: String,  // "low", "medium" or "high"
        capabilities: Set<String>,
        environment: String,
        version: String,
        spiffe_id: String
      };

      entity ToolSet;

      entity ToolServer = {
        name: String,
        owner: String,
        team: String,
        environment: String,
        data_classes: Set<String>
      };

      // Named "server/tool".
      entity Tool in [ToolSet, ToolServer] = {
        name: String,
        server: ToolServer,
        data_classes: Set<String>,
        read_only: Bool,
        external: Bool
      };

      // Named "server/uri" and "server/prompt".
      entity Resource, Prompt in [ToolServer] = {
        name: String,
        server: ToolServer,
        data_classes: Set<String>
      };

      entity ModelProvider = {
        name: String,
        owner: String,
        api: String,
        environment: String
      };

      // Named "provider/model". Prices are of a million tokens.
      entity Model in [ModelProvider] = {
        name: String,
        provider: ModelProvider,
        input_price: decimal,
        output_price: decimal
      };

      type User = {
        issuer: String,
        subject: String,
        groups: Set<String>
      };

      // What the same user's calls through the same first agent did so far.
      type Session = {
        calls: Long,
        read_data_classes: Set<String>
      };

      // Arguments that input schemas of tools declare.
      type Arguments = {%s};

      """;

  private static final String CONTEXT =
      """
      protocol: String,
      user?: User,
      has_user: Bool,
      delegation_depth: Long,
      chain: Set<Agent>,
      scope: Set<String>,
      environment: String,
      now: datetime,
      trace_id: String,
      session: Session,
      arguments_json: String\
      """;

  private AgentSchema() {}

  /**
   * The schema's text.
   *
   * @param arguments types of the arguments that policies can look at
   */
  static String text(Map<String, ToolArguments.Type> arguments) {
    String declared =
        arguments.entrySet().stream()
            .map(a -> "\n  " + CedarText.quote(a.getKey()) + "?: " + type(a.getValue()))
            .collect(Collectors.joining(","));
    StringBuilder out =
        new StringBuilder(ENTITIES.formatted(declared.isEmpty() ? "" : declared + "\n"));
    for (Protocol protocol : List.of(Protocol.MCP, Protocol.A2A, Protocol.LLM)) {
      out.append("action \"").append(group(protocol)).append("\";\n");
    }
    Actions.ALL.forEach((id, action) -> out.append(action(id, action)));
    return out.toString();
  }

  /** The schema of a text of ours. */
  static Schema parse(String text) {
    return Schema.parse(new SourceText("agents.cedarschema", text));
  }

  static String group(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  private static String action(String id, Action action) {
    return "\naction \""
        + id
        + "\" in ["
        + action.protocols().stream()
            .map(protocol -> CedarText.quote(group(protocol)))
            .collect(Collectors.joining(", "))
        + "] appliesTo {\n  principal: [Agent],\n  resource: ["
        + String.join(", ", action.resources())
        + "],\n  context: {\n"
        + CONTEXT.indent(0).stripTrailing()
        + (id.equals(Actions.INVOKE_TOOL) ? ",\n    arguments: Arguments" : "")
        + "\n  }\n};\n";
  }

  private static String type(ToolArguments.Type type) {
    return switch (type) {
      case TEXT -> "String";
      case INTEGER -> "Long";
      case DECIMAL -> "decimal";
      case FLAG -> "Bool";
      case TEXTS -> "Set<String>";
      case INTEGERS -> "Set<Long>";
      case OTHER -> throw new IllegalArgumentException("policies do not know such arguments");
    };
  }
}
