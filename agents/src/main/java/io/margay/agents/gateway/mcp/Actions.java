package io.margay.agents.gateway.mcp;

import io.margay.agents.call.Target;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a method is to the policies: an action on a target. */
final class Actions {
  /** What comes with a session, and is no call by itself. */
  private static final String SESSION = "initialize";

  private static final Map<String, String> OF_SERVER =
      Map.ofEntries(
          Map.entry("initialize", SESSION),
          Map.entry("notifications/initialized", SESSION),
          Map.entry("notifications/cancelled", SESSION),
          Map.entry("notifications/progress", SESSION),
          Map.entry("notifications/roots/list_changed", SESSION),
          Map.entry("server/discover", "discover"),
          Map.entry("ping", "ping"),
          Map.entry("logging/setLevel", "setLogLevel"),
          Map.entry("tools/list", "listTools"),
          Map.entry("resources/list", "listResources"),
          Map.entry("resources/templates/list", "listResources"),
          Map.entry("prompts/list", "listPrompts"),
          Map.entry("completion/complete", "complete"),
          Map.entry("subscriptions/listen", "subscribe"),
          Map.entry("tasks/list", "subscribe"),
          Map.entry("tasks/get", "subscribe"),
          Map.entry("tasks/result", "subscribe"),
          Map.entry("tasks/cancel", "subscribe"));

  private static final Map<String, String> OF_RESOURCE =
      Map.of(
          "resources/read", "readResource",
          "resources/subscribe", "subscribe",
          "resources/unsubscribe", "subscribe");

  /** Methods that the stateless revision has no more. */
  private static final Set<String> ONLY_WITH_SESSIONS =
      Set.of(
          "initialize",
          "notifications/initialized",
          "notifications/roots/list_changed",
          "ping",
          "logging/setLevel",
          "resources/subscribe",
          "resources/unsubscribe",
          "tasks/list",
          "tasks/result");

  /** Methods that came with it. */
  private static final Set<String> ONLY_STATELESS =
      Set.of("server/discover", "subscriptions/listen");

  private Actions() {}

  /** An action and its target. */
  record Meant(String action, Target target) {}

  /** What a message means; empty for a method that its revision does not know. */
  static Optional<Meant> of(String server, Revision revision, Message message) {
    String method = message.method();
    if ((revision.hasSessions() ? ONLY_STATELESS : ONLY_WITH_SESSIONS).contains(method)) {
      return Optional.empty();
    }
    if (message.isResponse()) {
      // An answer to a question that the server asked on a stream.
      return Optional.of(new Meant(SESSION, new Target(Target.Kind.TOOL_SERVER, server, "")));
    }
    if (method.equals("tools/call")) {
      return Optional.of(
          new Meant("invokeTool", new Target(Target.Kind.TOOL, server, message.text("name"))));
    }
    if (method.equals("prompts/get")) {
      return Optional.of(
          new Meant("getPrompt", new Target(Target.Kind.PROMPT, server, message.text("name"))));
    }
    String ofResource = OF_RESOURCE.get(method);
    if (ofResource != null) {
      return Optional.of(
          new Meant(ofResource, new Target(Target.Kind.RESOURCE, server, message.text("uri"))));
    }
    return Optional.ofNullable(OF_SERVER.get(method))
        .map(action -> new Meant(action, new Target(Target.Kind.TOOL_SERVER, server, "")));
  }
}
