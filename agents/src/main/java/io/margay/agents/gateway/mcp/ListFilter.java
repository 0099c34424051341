package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Directory.ToolServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves in a list what its reader may use, and forbids others to reuse the list. */
final class ListFilter {
  private static final Logger log = LoggerFactory.getLogger(ListFilter.class);

  /** What a list is of. */
  private record Listed(String field, String name, Target.Kind kind, String action) {}

  private static final Map<String, Listed> LISTS =
      Map.of(
          "tools/list", new Listed("tools", "name", Target.Kind.TOOL, "invokeTool"),
          "resources/list", new Listed("resources", "uri", Target.Kind.RESOURCE, "readResource"),
          "resources/templates/list",
              new Listed("resourceTemplates", "uriTemplate", Target.Kind.RESOURCE, "readResource"),
          "prompts/list", new Listed("prompts", "name", Target.Kind.PROMPT, "getPrompt"));

  private final Directory directory;
  private final ToolPins pins;

  ListFilter(Directory directory, ToolPins pins) {
    this.directory = directory;
    this.pins = pins;
  }

  static boolean isFor(String method) {
    return LISTS.containsKey(method);
  }

  /** A response as the caller may see it. What is no list passes: errors and notifications. */
  JsonNode filtered(ToolServer server, Caller caller, String method, JsonNode response) {
    Listed listed = LISTS.get(method);
    if (listed == null
        || !(response.path("result") instanceof ObjectNode result)
        || !(result.path(listed.field()) instanceof ArrayNode items)) {
      return response;
    }
    List<JsonNode> sound = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (JsonNode item : items) {
      if (listed.kind() == Target.Kind.TOOL && isHeldBack(server, item)) {
        continue;
      }
      sound.add(item);
      targets.add(new Target(listed.kind(), server.name(), item.path(listed.name()).asText()));
    }
    Set<Target> visible = new HashSet<>(directory.visible(caller, listed.action(), targets));
    ArrayNode kept = items.arrayNode();
    for (int i = 0; i < sound.size(); i++) {
      if (visible.contains(targets.get(i))) {
        kept.add(sound.get(i));
      }
    }
    result.set(listed.field(), kept);
    if (result.has("ttlMs") || result.has("cacheScope")) {
      result.put("ttlMs", 0).put("cacheScope", "private");
    }
    return response;
  }

  private boolean isHeldBack(ToolServer server, JsonNode tool) {
    return switch (pins.note(server, tool)) {
      case APPROVED -> {
        String name = tool.path("name").asText();
        directory.definitionApproved(
            server.name(), name, Objects.requireNonNull(server.pins().get(name)));
        yield false;
      }
      case UNKNOWN -> false;
      case CHANGED -> {
        directory.definitionChanged(server.name(), tool.path("name").asText(), ToolPins.hash(tool));
        yield true;
      }
      case UNSOUND -> {
        log.debug("{}/{} is held back: unsound x-mcp-header", server.name(), tool.path("name"));
        yield true;
      }
    };
  }
}
