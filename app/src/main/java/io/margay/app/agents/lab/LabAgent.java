package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.margay.app.agents.lab.GatewayClient.Task;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An agent of the lab: it asks the model what to do, does it, and asks again. It takes tasks of
 * other agents over A2A, and works on them with the token that came with them.
 */
public final class LabAgent implements AutoCloseable {
  private static final int MOST_ROUNDS = 8;

  private final String name;
  private final LoopbackServer server;
  private volatile @Nullable GatewayClient gateway;

  LabAgent(String name) throws IOException {
    this.name = name;
    this.server = new LoopbackServer(this::serve);
  }

  void connect(GatewayClient client) {
    gateway = client;
  }

  String name() {
    return name;
  }

  /** How it calls; known once it is connected, while its address is known before. */
  public GatewayClient gateway() {
    return Objects.requireNonNull(gateway, name + " is not connected yet");
  }

  URI uri() {
    return server.uri().resolve("/a2a");
  }

  List<String> hops() {
    return server.hops();
  }

  /** The token that came with the last task, which somebody who broke in would find. */
  public String lastToken() {
    return server.lastToken();
  }

  private void serve(HttpExchange exchange, JsonNode message) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String parent = exchange.getRequestHeaders().getFirst("traceparent");
    Task task =
        new Task(
            authorization == null ? "" : authorization.replaceFirst("^Bearer ", ""),
            parent == null ? "" : parent);
    String text = message.at("/params/message/parts/0/text").asText();
    ObjectNode answer = LoopbackServer.JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    try {
      String result = work(task, text);
      ObjectNode reply = answer.putObject("result").putObject("message");
      reply.put("messageId", "r").put("role", "ROLE_AGENT");
      reply.putArray("parts").addObject().put("text", result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.putObject("error").put("code", -32603).put("message", "interrupted");
    }
    LoopbackServer.answer(exchange, 200, answer);
  }

  /** Works on a task; gives what the last call answered, or the word of the model. */
  public String work(Task task, String text) throws IOException, InterruptedException {
    ObjectNode chat = LoopbackServer.JSON.createObjectNode().put("model", "small");
    chat.put("max_completion_tokens", 200);
    ArrayNode messages = chat.putArray("messages");
    messages.addObject().put("role", "system").put("content", name);
    messages.addObject().put("role", "user").put("content", text);
    String last = "";
    for (int i = 0; i < MOST_ROUNDS; i++) {
      JsonNode answer = gateway().chat(task, "models", chat);
      JsonNode reply = answer.at("/choices/0/message");
      JsonNode call = reply.at("/tool_calls/0/function");
      if (call.isMissingNode()) {
        return last.isEmpty() ? answer.at("/error/message").asText("done") : last;
      }
      last = result(call(task, call));
      messages.add(reply);
      messages.addObject().put("role", "tool").put("tool_call_id", "call").put("content", last);
    }
    return last;
  }

  private JsonNode call(Task task, JsonNode call) throws IOException, InterruptedException {
    String[] target = call.path("name").asText().split("__", 2);
    JsonNode arguments = LoopbackServer.JSON.readTree(call.path("arguments").asText());
    return target[0].equals("agent")
        ? gateway().sendMessage(task, target[1], arguments.path("task").asText())
        : gateway().callTool(task, target[0], target[1], arguments);
  }

  private static String result(JsonNode answer) {
    if (answer.has("error")) {
      return "error: " + answer.at("/error/message").asText();
    }
    String text = answer.at("/result/content/0/text").asText();
    return text.isEmpty() ? answer.at("/result/message/parts/0/text").asText() : text;
  }

  @Override
  public void close() {
    server.close();
    GatewayClient client = gateway;
    if (client != null) {
      client.close();
    }
  }
}
