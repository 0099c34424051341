package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.margay.app.agents.lab.Script.PlannedCall;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A model that thinks by a script: OpenAI's chat API, the same answer to the same question always.
 * For an agent and a task the script has the calls to make, one after the other. And it obeys
 * whoever speaks last, as models do: a tool's answer with {@code OBEY: {call}} in it gets that
 * call, which is how an agent of the lab goes rogue.
 */
final class LabModel implements AutoCloseable {
  private static final String ORDER = "OBEY: ";

  private final LoopbackServer server;
  private final Map<String, List<PlannedCall>> script;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * @param script calls by {@code AGENT: TASK}
   */
  LabModel(Map<String, List<PlannedCall>> script) throws IOException {
    this.script = Map.copyOf(script);
    this.server = new LoopbackServer(this::serve);
  }

  URI uri() {
    return server.uri();
  }

  List<String> hops() {
    return server.hops();
  }

  /** The names of the models that were asked, one for each call. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void serve(HttpExchange exchange, JsonNode body) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/v1/chat/completions")) {
      ObjectNode error = LoopbackServer.JSON.createObjectNode();
      error.putObject("error").put("message", "not served");
      LoopbackServer.answer(exchange, 404, error);
      return;
    }
    ObjectNode answer = LoopbackServer.JSON.createObjectNode();
    answer.put("id", "chatcmpl-lab").put("object", "chat.completion");
    answer.put("model", body.path("model").asText());
    asked.add(body.path("model").asText());
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    PlannedCall next = next(body.path("messages"));
    if (next == null) {
      message.put("content", "done");
      choice.put("finish_reason", "stop");
    } else {
      ArrayNode calls = message.putNull("content").putArray("tool_calls");
      ObjectNode call = calls.addObject().put("id", "call").put("type", "function");
      call.putObject("function").put("name", next.name()).put("arguments", next.arguments());
      choice.put("finish_reason", "tool_calls");
    }
    answer.putObject("usage").put("prompt_tokens", 50).put("completion_tokens", 20);
    LoopbackServer.answer(exchange, 200, answer);
  }

  private @Nullable PlannedCall next(JsonNode messages) {
    String agent = "";
    String task = "";
    List<String> results = new ArrayList<>();
    for (JsonNode message : messages) {
      String content = message.path("content").asText();
      switch (message.path("role").asText()) {
        case "system" -> agent = content;
        case "user" -> task = content;
        case "tool" -> results.add(content);
        default -> {}
      }
    }
    if (!results.isEmpty() && results.getLast().contains(ORDER)) {
      return ordered(results.getLast());
    }
    List<PlannedCall> plan = script.getOrDefault(agent + ": " + task, List.of());
    return results.size() < plan.size() ? plan.get(results.size()) : null;
  }

  private static @Nullable PlannedCall ordered(String text) {
    try {
      JsonNode call =
          LoopbackServer.JSON.readTree(text.substring(text.indexOf(ORDER) + ORDER.length()));
      return new PlannedCall(call.path("name").asText(), call.path("arguments").toString());
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
