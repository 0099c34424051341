package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.JsonHash;
import io.margay.agents.gateway.Directory.ToolServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of tools' definitions. A description can be made to mislead a model, so the one
 * that somebody approved is pinned by its hash, and a tool that says something else is held back
 * until the new one is approved.
 */
public final class ToolPins {
  private static final int MAX_TOOLS = 100_000;

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * @param headers empty when they are not sound
   */
  private record Seen(String hash, Optional<List<HeaderParameter>> headers) {}

  /** How a tool's definition stands to the approved one. */
  public enum State {
    APPROVED,
    /** The registry pins no definition, or the tool has not been listed yet. */
    UNKNOWN,
    CHANGED,
    /** It mirrors arguments in headers as the protocol forbids. */
    UNSOUND
  }

  /** Notes a definition that a server has given. */
  State note(ToolServer server, JsonNode definition) {
    String name = definition.path("name").asText();
    Seen now = new Seen(hash(definition), HeaderParameter.of(definition));
    if (seen.size() < MAX_TOOLS || seen.containsKey(key(server.name(), name))) {
      seen.put(key(server.name(), name), now);
    }
    return compare(server, name, now);
  }

  /** How a tool stands, by what its server said last. */
  State state(ToolServer server, String tool) {
    Seen last = seen.get(key(server.name(), tool));
    return last == null ? State.UNKNOWN : compare(server, tool, last);
  }

  List<HeaderParameter> headers(String server, String tool) {
    Seen last = seen.get(key(server, tool));
    return last == null ? List.of() : last.headers().orElse(List.of());
  }

  private static State compare(ToolServer server, String tool, Seen last) {
    if (last.headers().isEmpty()) {
      return State.UNSOUND;
    }
    String approved = server.pins().get(tool);
    if (approved == null) {
      return State.UNKNOWN;
    }
    return approved.equals(last.hash()) ? State.APPROVED : State.CHANGED;
  }

  private static String key(String server, String tool) {
    return server + "\n" + tool;
  }

  /** The hash of a definition: SHA-256, in hexadecimal digits, of its JSON with sorted names. */
  public static String hash(JsonNode definition) {
    return JsonHash.of(definition);
  }
}
