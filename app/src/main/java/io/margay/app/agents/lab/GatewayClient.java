package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** How an agent calls through the gateway: with its certificate, and the token of its task. */
public final class GatewayClient implements AutoCloseable {
  private static final String MCP = "2026-07-28";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Way way;
  private final AtomicLong ids = new AtomicLong();

  /**
   * What an agent works on.
   *
   * @param token in whose name
   * @param traceParent W3C trace context of the task
   */
  public record Task(String token, String traceParent) {

    /** A task that begins here. */
    public static Task begin(String token) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      String hex = HexFormat.of().formatHex(random);
      return new Task(token, "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-01");
    }
  }

  /** How an agent's requests leave it. */
  interface Way extends AutoCloseable {

    /**
     * Where an agent calls what the gateway serves.
     *
     * @param path at the gateway, such as {@code /mcp/web}
     */
    URI address(String path);

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
        throws IOException, InterruptedException;

    @Override
    void close();
  }

  /** By base URLs: the agent knows the gateway. */
  private record ByBaseUrl(URI gateway, HttpClient client) implements Way {
    @Override
    public URI address(String path) {
      return gateway.resolve(path);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
        throws IOException, InterruptedException {
      return client.send(request, handler);
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  GatewayClient(Way way) {
    this.way = way;
  }

  GatewayClient(URI gateway, SSLContext tls) {
    this(
        new ByBaseUrl(
            gateway, HttpClient.newBuilder().sslContext(tls).connectTimeout(TIMEOUT).build()));
  }

  private HttpRequest.Builder request(String path, Task task) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(way.address(path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("traceparent", task.traceParent());
    return task.token().isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + task.token());
  }

  private JsonNode send(HttpRequest.Builder request, JsonNode body)
      throws IOException, InterruptedException {
    return send(request, LoopbackServer.JSON.writeValueAsString(body));
  }

  private JsonNode send(HttpRequest.Builder request, String body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        way.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofByteArray());
    try {
      return LoopbackServer.JSON.readTree(response.body());
    } catch (IOException e) {
      ObjectNode error = LoopbackServer.JSON.createObjectNode();
      error
          .putObject("error")
          .put("code", response.statusCode())
          .put("message", new String(response.body(), StandardCharsets.UTF_8));
      return error;
    }
  }

  /**
   * Calls a tool with whatever body.
   *
   * @param nameInHeader what the header says, whatever the body does
   */
  public JsonNode callTool(Task task, String server, String nameInHeader, String body)
      throws IOException, InterruptedException {
    return send(mcp(task, server, "tools/call", nameInHeader), body);
  }

  /** The body of a tool's call. */
  public ObjectNode toolCall(String tool, JsonNode arguments) {
    ObjectNode message = message("tools/call");
    ((ObjectNode) message.path("params")).put("name", tool).set("arguments", arguments);
    return message;
  }

  /** Sends an A2A method to an agent. */
  public JsonNode a2a(Task task, String agent, String method, JsonNode params)
      throws IOException, InterruptedException {
    ObjectNode message = LoopbackServer.JSON.createObjectNode().put("jsonrpc", "2.0");
    message.put("id", ids.incrementAndGet()).put("method", method).set("params", params);
    return send(request("/a2a/" + agent, task).header("A2A-Version", "1.0"), message);
  }

  /** Asks the token endpoint for another token; the form's values are URL-encoded already. */
  public JsonNode exchange(String form) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(way.address("/token"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-www-form-urlencoded");
    return send(request, form);
  }

  /** Asks a model. */
  public JsonNode chat(Task task, String provider, JsonNode body)
      throws IOException, InterruptedException {
    return send(request("/llm/" + provider + "/v1/chat/completions", task), body);
  }

  private HttpRequest.Builder mcp(Task task, String server, String method, String name) {
    HttpRequest.Builder request =
        request("/mcp/" + server, task)
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", MCP)
            .header("Mcp-Method", method);
    return name.isEmpty() ? request : request.header("Mcp-Name", name);
  }

  private ObjectNode message(String method) {
    ObjectNode message = LoopbackServer.JSON.createObjectNode().put("jsonrpc", "2.0");
    message.put("id", ids.incrementAndGet()).put("method", method);
    ObjectNode meta = message.putObject("params").putObject("_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", MCP);
    meta.putObject("io.modelcontextprotocol/clientCapabilities");
    return message;
  }

  /** Calls a tool; comes back as long as a person has to approve the call and has not answered. */
  public JsonNode callTool(Task task, String server, String tool, JsonNode arguments)
      throws IOException, InterruptedException {
    ObjectNode message = toolCall(tool, arguments);
    for (int i = 0; i < 10; i++) {
      JsonNode answer = send(mcp(task, server, "tools/call", tool), message);
      if (!answer.at("/result/resultType").asText().equals("input_required")) {
        return answer;
      }
      message.put("id", ids.incrementAndGet());
      ((ObjectNode) message.path("params")).set("requestState", answer.at("/result/requestState"));
    }
    throw new IOException("the call of " + server + "/" + tool + " was held for too long");
  }

  public JsonNode listTools(Task task, String server) throws IOException, InterruptedException {
    return send(mcp(task, server, "tools/list", ""), message("tools/list"));
  }

  /** Opens the stream of a tool; reading from it ends when the gateway cuts it off. */
  InputStream watch(Task task, String server) throws IOException, InterruptedException {
    HttpRequest request =
        mcp(task, server, "tools/call", "watch")
            .POST(
                BodyPublishers.ofByteArray(
                    LoopbackServer.JSON.writeValueAsBytes(
                        toolCall("watch", LoopbackServer.JSON.createObjectNode()))))
            .build();
    HttpResponse<InputStream> response = way.send(request, BodyHandlers.ofInputStream());
    if (!response.headers().firstValue("content-type").orElse("").startsWith("text/event")) {
      throw new IOException(
          "no stream, but " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
    }
    return response.body();
  }

  /** Hands a task to another agent. */
  public JsonNode sendMessage(Task task, String agent, String text)
      throws IOException, InterruptedException {
    ObjectNode params = LoopbackServer.JSON.createObjectNode();
    ObjectNode sent = params.putObject("message");
    sent.put("messageId", "m" + ids.incrementAndGet()).put("role", "ROLE_USER");
    sent.putArray("parts").addObject().put("text", text);
    return a2a(task, agent, "SendMessage", params);
  }

  @Override
  public void close() {
    way.close();
  }
}
