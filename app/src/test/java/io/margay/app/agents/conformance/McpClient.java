package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.http.ServerEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A small MCP client of one revision, as careful as the suite wants one. */
final class McpClient implements AutoCloseable {
  private static final String STATELESS = "2026-07-28";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Map<String, String> NAMES =
      Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final AtomicLong ids = new AtomicLong();
  private final URI server;
  private final String revision;
  private String session = "";
  private JsonNode tools = Turn.JSON.createArrayNode();

  McpClient(URI server, String revision) {
    this.server = server;
    this.revision = revision;
  }

  private boolean isStateless() {
    return revision.equals(STATELESS);
  }

  private HttpRequest.Builder request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server)
            .timeout(TIMEOUT)
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", revision);
    return session.isEmpty() ? request : request.header("Mcp-Session-Id", session);
  }

  /** Begins a session, which the stateless revision has none of. */
  void begin() throws IOException, InterruptedException {
    if (isStateless()) {
      return;
    }
    ObjectNode params = Turn.JSON.createObjectNode().put("protocolVersion", revision);
    params.set("capabilities", capabilities());
    params.set("clientInfo", info());
    ask("initialize", params);
    ObjectNode initialized = Turn.JSON.createObjectNode().put("jsonrpc", "2.0");
    post(request(), initialized.put("method", "notifications/initialized")).body().close();
  }

  /** Opens the stream on which the server may ask at any time, and answers there. */
  void listen() throws IOException, InterruptedException {
    HttpResponse<InputStream> stream =
        client.send(request().GET().build(), BodyHandlers.ofInputStream());
    Thread.startVirtualThread(() -> {
      try {
        read(stream, Turn.JSON.missingNode());
      } catch (IOException e) {
        // The stream ends with its session.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private static ObjectNode capabilities() {
    ObjectNode capabilities = Turn.JSON.createObjectNode();
    capabilities.putObject("elicitation").putObject("form").put("applyDefaults", true);
    return capabilities;
  }

  private static ObjectNode info() {
    return Turn.JSON.createObjectNode().put("name", "test").put("version", "1");
  }

  JsonNode listTools() throws IOException, InterruptedException {
    tools = ask("tools/list", Turn.JSON.createObjectNode()).at("/result/tools");
    return tools;
  }

  /** Calls a tool; {@code with} may put more than name and arguments into the request. */
  JsonNode call(String tool, JsonNode arguments, UnaryOperator<ObjectNode> with)
      throws IOException, InterruptedException {
    ObjectNode params = Turn.JSON.createObjectNode().put("name", tool);
    params.set("arguments", arguments);
    return ask("tools/call", with.apply(params));
  }

  /** Sends a request and gives the answer, a result or an error. */
  JsonNode ask(String method, ObjectNode params) throws IOException, InterruptedException {
    ObjectNode message = Turn.JSON.createObjectNode().put("jsonrpc", "2.0");
    message.put("id", ids.incrementAndGet()).put("method", method).set("params", params);
    HttpRequest.Builder request = request();
    if (isStateless()) {
      ObjectNode meta = params.putObject("_meta");
      meta.put(Turn.META + "protocolVersion", revision);
      meta.set(Turn.META + "clientCapabilities", capabilities());
      meta.set(Turn.META + "clientInfo", info());
      request.header("Mcp-Method", method);
      String named = NAMES.get(method);
      if (named != null) {
        request.header("Mcp-Name", encoded(params.path(named).asText()));
      }
      mirror(params, request);
    }
    JsonNode answer = read(post(request, message), message.path("id"));
    boolean other = answer.at("/error/code").asInt() == -32022;
    for (JsonNode supported : answer.at("/error/data/supported")) {
      if (other && supported.asText().equals(revision)) {
        message.put("id", ids.incrementAndGet());
        return read(post(request, message), message.path("id"));
      }
    }
    return answer;
  }

  /** Arguments that the tool's definition wants in headers too. */
  private void mirror(JsonNode params, HttpRequest.Builder request) {
    for (JsonNode tool : tools) {
      if (!tool.path("name").equals(params.path("name"))) {
        continue;
      }
      for (Map.Entry<String, JsonNode> property : tool.at("/inputSchema/properties").properties()) {
        JsonNode header = property.getValue().path("x-mcp-header");
        JsonNode value = params.path("arguments").path(property.getKey());
        if (header.isTextual() && value.isValueNode() && !value.isNull()) {
          request.header("Mcp-Param-" + header.asText(), encoded(value.asText()));
        }
      }
    }
  }

  private static String encoded(String value) {
    boolean plain =
        value.chars().allMatch(c -> c >= ' ' && c <= '~') && value.strip().equals(value);
    return plain
        ? value
        : "=?base64?"
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  private HttpResponse<InputStream> post(HttpRequest.Builder request, JsonNode message)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(
            request
                .setHeader("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Turn.JSON.writeValueAsBytes(message)))
                .build(),
            BodyHandlers.ofInputStream());
    if (!isStateless()) {
      response.headers().firstValue("Mcp-Session-Id").ifPresent(id -> session = id);
    }
    return response;
  }

  /** Reads until the answer comes; a stream that ends before is taken up where it ended. */
  private JsonNode read(HttpResponse<InputStream> response, JsonNode id)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> current = response;
    while (isStream(current)) {
      String lastEvent = "";
      long retryMillis = 0;
      try (InputStream in = current.body()) {
        ServerEvents events = new ServerEvents(in);
        for (byte[] event = events.next(); event != null; event = events.next()) {
          lastEvent = field(event, "id", lastEvent);
          retryMillis = Long.parseLong(field(event, "retry", Long.toString(retryMillis)));
          String data = ServerEvents.data(event);
          JsonNode message = Turn.JSON.readTree(data.isBlank() ? "{}" : data);
          if (message.has("method") && message.has("id")) {
            respond(message);
          } else if (message.path("id").asText().equals(id.asText())) {
            return message;
          }
        }
      }
      if (lastEvent.isEmpty()) {
        throw new IOException("the stream ended without the answer");
      }
      Thread.sleep(retryMillis);
      current =
          client.send(
              request().header("Last-Event-ID", lastEvent).GET().build(),
              BodyHandlers.ofInputStream());
    }
    try (InputStream in = current.body()) {
      return Turn.JSON.readTree(in);
    }
  }

  private static boolean isStream(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
  }

  private static String field(byte[] event, String name, String otherwise) {
    for (String line : new String(event, StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.startsWith(name + ": ")) {
        return line.substring(name.length() + 2).strip();
      }
    }
    return otherwise;
  }

  /** Answers what the server asks, with the defaults of the form. */
  private void respond(JsonNode question) throws IOException, InterruptedException {
    ObjectNode answer = Turn.JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", question.path("id"));
    answer.set("result", filledIn(question));
    post(request(), answer).body().close();
  }

  /** A form filled in with its defaults. */
  static ObjectNode filledIn(JsonNode question) {
    ObjectNode result = Turn.JSON.createObjectNode().put("action", "accept");
    ObjectNode content = result.putObject("content");
    JsonNode properties = question.at("/params/requestedSchema/properties");
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      if (property.getValue().has("default")) {
        content.set(property.getKey(), property.getValue().path("default"));
      } else if (property.getValue().path("type").asText().equals("boolean")) {
        content.put(property.getKey(), true);
      }
    }
    return result;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
