package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request to an MCP server while it is answered: with JSON, or with a stream of events as soon as
 * there is something to say before the result.
 */
final class Turn {
  static final JsonMapper JSON = new JsonMapper();
  static final String META = "io.modelcontextprotocol/";

  private static final String STATELESS = "2026-07-28";

  private final HttpExchange exchange;
  private final JsonNode message;
  private @Nullable OutputStream events;

  Turn(HttpExchange exchange, JsonNode message) {
    this.exchange = exchange;
    this.message = message;
  }

  /** A request that is answered with an error. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;
    private final transient ObjectNode data;

    Refused(int status, int code, String message, ObjectNode data) {
      super(message);
      this.status = status;
      this.code = code;
      this.data = data;
    }

    Refused(int status, int code, String message) {
      this(status, code, message, JSON.createObjectNode());
    }
  }

  String header(String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  boolean isStateless() {
    return header("MCP-Protocol-Version").equals(STATELESS);
  }

  String method() {
    return message.path("method").asText();
  }

  JsonNode id() {
    return message.path("id");
  }

  JsonNode message() {
    return message;
  }

  JsonNode params() {
    return message.path("params");
  }

  JsonNode meta(String key) {
    return params().path("_meta").path(key);
  }

  JsonNode capabilities() {
    return meta(META + "clientCapabilities");
  }

  /** Says something before the result. */
  synchronized void say(JsonNode said) throws IOException {
    OutputStream out = events;
    if (out == null) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      out = exchange.getResponseBody();
      events = out;
    }
    out.write(("data: " + said + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  ObjectNode notification(String method) {
    return JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method);
  }

  /** A comment that finds out whether the client still listens. */
  synchronized void probe() throws IOException {
    OutputStream out = events;
    if (out != null) {
      out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  void finish(ObjectNode result) throws IOException {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id());
    answer.set("result", result);
    if (events == null) {
      send(200, answer);
    } else {
      say(answer);
    }
  }

  void fail(Refused refused) throws IOException {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id().isMissingNode() ? JSON.nullNode() : id());
    ObjectNode error = answer.putObject("error");
    error.put("code", refused.code).put("message", refused.getMessage());
    if (!refused.data.isEmpty()) {
      error.set("data", refused.data);
    }
    if (events == null) {
      send(isStateless() ? refused.status : 200, answer);
    } else {
      say(answer);
    }
  }

  /** Takes a message that nothing is answered to. */
  void accept(int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  void beginSession(String session) {
    exchange.getResponseHeaders().set("Mcp-Session-Id", session);
  }

  private void send(int status, JsonNode answer) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
