package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An MCP server of the lab, of the stateless revision. A tool answers with a fixed text; the tool
 * {@code watch} sends events until its caller is gone.
 */
public final class LabToolServer implements AutoCloseable {
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(50);
  private static final int MOST_EVENTS = 12_000;

  private final LoopbackServer server;
  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final List<String> called = new CopyOnWriteArrayList<>();
  private volatile Map<String, String> descriptions;

  /**
   * A tool.
   *
   * @param answer what it always says
   * @param arguments their JSON types by their names
   */
  record Tool(String name, String answer, Map<String, String> arguments) {}

  LabToolServer(List<Tool> tools) throws IOException {
    Map<String, String> described = new LinkedHashMap<>();
    for (Tool tool : tools) {
      this.tools.put(tool.name(), tool);
      described.put(tool.name(), "The tool " + tool.name() + ".");
    }
    descriptions = described;
    server = new LoopbackServer(this::serve);
  }

  /** Says something else about a tool from now on, as a poisoned server would. */
  public void describe(String tool, String description) {
    Map<String, String> changed = new LinkedHashMap<>(descriptions);
    changed.put(tool, description);
    descriptions = changed;
  }

  URI uri() {
    return server.uri().resolve("/mcp");
  }

  List<String> hops() {
    return server.hops();
  }

  /** The names of the tools, one for each call that came. */
  List<String> called() {
    return List.copyOf(called);
  }

  /** The token that came with the last request, which a server that turned bad would use. */
  public String lastToken() {
    return server.lastToken();
  }

  Set<String> tools() {
    return tools.keySet();
  }

  private void serve(HttpExchange exchange, JsonNode message) throws IOException {
    ObjectNode answer = LoopbackServer.JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    switch (message.path("method").asText()) {
      case "tools/list" -> list(answer.putObject("result"));
      case "tools/call" -> {
        String tool = message.at("/params/name").asText();
        called.add(tool);
        if (tool.equals("watch")) {
          watch(exchange);
          return;
        }
        call(answer, tool);
      }
      default -> answer.putObject("error").put("code", -32601).put("message", "method not found");
    }
    LoopbackServer.answer(exchange, 200, answer);
  }

  /** The definition of a tool, as the server tells it. */
  ObjectNode definition(String tool) {
    ObjectNode definition = LoopbackServer.JSON.createObjectNode().put("name", tool);
    definition.put("description", descriptions.getOrDefault(tool, ""));
    ObjectNode schema = definition.putObject("inputSchema").put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    Tool known = tools.get(tool);
    if (known != null) {
      known.arguments().forEach((name, type) -> properties.putObject(name).put("type", type));
    }
    return definition;
  }

  private void list(ObjectNode result) {
    tools.keySet().forEach(tool -> result.withArray("tools").add(definition(tool)));
    result.put("ttlMs", 60_000).put("cacheScope", "public");
  }

  private void call(ObjectNode answer, String tool) {
    Tool known = tools.get(tool);
    if (known == null) {
      answer.putObject("error").put("code", -32602).put("message", "there is no tool " + tool);
      return;
    }
    ObjectNode result = answer.putObject("result").put("resultType", "complete");
    result.putArray("content").addObject().put("type", "text").put("text", known.answer());
  }

  private static void watch(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    String event =
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n\n";
    for (int i = 0; i < MOST_EVENTS; i++) {
      out.write(event.getBytes(StandardCharsets.UTF_8));
      out.flush();
      try {
        Thread.sleep(BETWEEN_EVENTS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
