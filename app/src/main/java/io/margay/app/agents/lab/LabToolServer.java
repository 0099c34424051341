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

/**
 * An MCP server of the lab, of the stateless revision. A tool answers with a fixed text; the tool
 * {@code watch} sends events until its caller is gone.
 */
final class LabToolServer implements AutoCloseable {
  private static final Duration BETWEEN_EVENTS = Duration.ofMillis(50);
  private static final int MOST_EVENTS = 12_000;

  private final LoopbackServer server;
  private final Map<String, String> answers = new LinkedHashMap<>();
  private volatile Map<String, String> descriptions;

  /**
   * @param tools what each tool answers, by name
   */
  LabToolServer(Map<String, String> tools) throws IOException {
    answers.putAll(tools);
    Map<String, String> described = new LinkedHashMap<>();
    tools.keySet().forEach(tool -> described.put(tool, "The tool " + tool + "."));
    descriptions = described;
    server = new LoopbackServer(this::serve);
  }

  /** Says something else about a tool from now on, as a poisoned server would. */
  void describe(String tool, String description) {
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

  private void serve(HttpExchange exchange, JsonNode message) throws IOException {
    ObjectNode answer = LoopbackServer.JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    switch (message.path("method").asText()) {
      case "tools/list" -> list(answer.putObject("result"));
      case "tools/call" -> {
        String tool = message.at("/params/name").asText();
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
    definition.putObject("inputSchema").put("type", "object");
    return definition;
  }

  private void list(ObjectNode result) {
    answers.keySet().forEach(tool -> result.withArray("tools").add(definition(tool)));
    result.put("ttlMs", 60_000).put("cacheScope", "public");
  }

  private void call(ObjectNode answer, String tool) {
    String text = answers.get(tool);
    if (text == null) {
      answer.putObject("error").put("code", -32602).put("message", "there is no tool " + tool);
      return;
    }
    ObjectNode result = answer.putObject("result").put("resultType", "complete");
    result.putArray("content").addObject().put("type", "text").put("text", text);
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
