package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.margay.agents.call.JsonHash;
import io.margay.agents.gateway.Directory.ToolServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of tools' definitions. A description can be made to mislead a model, so the one
 * that somebody approved is pinned by its hash, and a tool that says something else is held back
 * until the new one is approved.
 */
public final class ToolPins {
  private static final int MAX_TOOLS = 100_000;

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(String hash, List<HeaderParameter> headers) {}

  /**
   * An argument that is mirrored in a header {@code Mcp-Param-…}.
   *
   * @param path names of the properties that lead to it
   */
  public record HeaderParameter(String header, List<String> path) {

    public HeaderParameter {
      path = List.copyOf(path);
    }

    JsonNode in(JsonNode arguments) {
      JsonNode value = arguments;
      for (String name : path) {
        value = value.path(name);
      }
      return value;
    }
  }

  /** How a tool's definition stands to the approved one. */
  public enum State {
    APPROVED,
    /** The registry pins no definition, or the tool has not been listed yet. */
    UNKNOWN,
    CHANGED
  }

  /** Notes a definition that a server has given. */
  State note(ToolServer server, JsonNode definition) {
    String name = definition.path("name").asText();
    String hash = hash(definition);
    if (seen.size() < MAX_TOOLS || seen.containsKey(key(server.name(), name))) {
      seen.put(key(server.name(), name), new Seen(hash, headers(definition)));
    }
    return compare(server, name, hash);
  }

  /** How a tool stands, by what its server said last. */
  State state(ToolServer server, String tool) {
    Seen last = seen.get(key(server.name(), tool));
    return last == null ? State.UNKNOWN : compare(server, tool, last.hash());
  }

  List<HeaderParameter> headers(String server, String tool) {
    Seen last = seen.get(key(server, tool));
    return last == null ? List.of() : last.headers();
  }

  private static State compare(ToolServer server, String tool, String hash) {
    String approved = server.pins().get(tool);
    if (approved == null) {
      return State.UNKNOWN;
    }
    return approved.equals(hash) ? State.APPROVED : State.CHANGED;
  }

  private static String key(String server, String tool) {
    return server + "\n" + tool;
  }

  /** The hash of a definition: SHA-256, in hexadecimal digits, of its JSON with sorted names. */
  public static String hash(JsonNode definition) {
    return JsonHash.of(definition);
  }

  private static List<HeaderParameter> headers(JsonNode definition) {
    List<HeaderParameter> found = new ArrayList<>();
    headers(definition.path("inputSchema"), List.of(), found);
    return List.copyOf(found);
  }

  /** Only chains of {@code properties} may lead to such an argument. */
  private static void headers(JsonNode schema, List<String> path, List<HeaderParameter> found) {
    JsonNode properties = schema.path("properties");
    if (properties instanceof MissingNode) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      List<String> longer = new ArrayList<>(path);
      longer.add(property.getKey());
      JsonNode header = property.getValue().path("x-mcp-header");
      if (header.isTextual()) {
        found.add(new HeaderParameter(header.asText(), longer));
      }
      headers(property.getValue(), longer, found);
    }
  }
}
