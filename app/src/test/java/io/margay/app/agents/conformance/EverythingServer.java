package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.margay.app.agents.conformance.Turn.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An MCP server with everything that the conformance suite calls, in the stateless revision and in
 * those with sessions. It stands behind the gateway and trusts it: headers and tokens are not
 * checked here, so what the suite finds right there is the gateway's doing.
 */
final class EverythingServer implements AutoCloseable {
  private static final List<String> WITH_SESSIONS =
      List.of("2025-03-26", "2025-06-18", "2025-11-25");
  private static final Set<String> CACHEABLE =
      Set.of(
          "server/discover",
          "tools/list",
          "prompts/list",
          "resources/list",
          "resources/templates/list",
          "resources/read");
  private static final Duration STEP = Duration.ofMillis(50);
  private static final int LONGEST_LISTENING = 600;
  private static final long ANSWER_SECONDS = 20;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Everything everything = new Everything();
  private final InputRounds inputs = new InputRounds();
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final List<Turn> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();

  EverythingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/mcp", this::serve);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Turn turn =
          new Turn(
              exchange, body.length == 0 ? Turn.JSON.createObjectNode() : Turn.JSON.readTree(body));
      try {
        switch (exchange.getRequestMethod()) {
          case "POST" -> post(turn);
          case "DELETE" -> turn.accept(sessions.remove(turn.header("Mcp-Session-Id")) ? 204 : 404);
          default -> turn.accept(405);
        }
      } catch (Refused e) {
        turn.fail(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void post(Turn turn) throws IOException, Refused, InterruptedException {
    if (turn.method().isEmpty()) {
      CompletableFuture<JsonNode> waiting = asked.remove(turn.id().asText());
      if (waiting != null) {
        waiting.complete(turn.message());
      }
      turn.accept(202);
    } else if (turn.id().isMissingNode()) {
      turn.accept(202);
    } else if (turn.isStateless()) {
      stateless(turn);
    } else if (turn.method().equals("initialize")) {
      initialize(turn);
    } else if (sessions.contains(turn.header("Mcp-Session-Id"))) {
      inSession(turn);
    } else {
      turn.accept(404);
    }
  }

  private void initialize(Turn turn) throws IOException {
    String session = UUID.randomUUID().toString();
    sessions.add(session);
    turn.beginSession(session);
    String wanted = turn.params().path("protocolVersion").asText();
    ObjectNode result = Turn.JSON.createObjectNode();
    result.put(
        "protocolVersion", WITH_SESSIONS.contains(wanted) ? wanted : WITH_SESSIONS.getLast());
    result.set("capabilities", capabilities().set("logging", Turn.JSON.createObjectNode()));
    result.putObject("serverInfo").put("name", "everything").put("version", "1");
    turn.finish(result);
  }

  private static ObjectNode capabilities() {
    ObjectNode capabilities = Turn.JSON.createObjectNode();
    capabilities.putObject("tools").put("listChanged", true);
    capabilities.putObject("prompts").put("listChanged", true);
    capabilities.putObject("resources").put("subscribe", true);
    capabilities.putObject("completions");
    return capabilities;
  }

  private void inSession(Turn turn) throws IOException, Refused, InterruptedException {
    switch (turn.method()) {
      case "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe" ->
          turn.finish(Turn.JSON.createObjectNode());
      default -> turn.finish(common(turn));
    }
  }

  private void stateless(Turn turn) throws IOException, Refused, InterruptedException {
    switch (turn.method()) {
      case "server/discover" -> discover(turn);
      case "subscriptions/listen" -> listen(turn);
      default -> finish(turn, common(turn));
    }
  }

  private static void finish(Turn turn, ObjectNode result) throws IOException {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    if (CACHEABLE.contains(turn.method())) {
      result.put("ttlMs", 60_000).put("cacheScope", "public");
    }
    turn.finish(result);
  }

  private static void discover(Turn turn) throws IOException {
    ObjectNode result = Turn.JSON.createObjectNode();
    WITH_SESSIONS.forEach(result.putArray("supportedVersions")::add);
    result.withArray("supportedVersions").add("2026-07-28");
    result.set("capabilities", capabilities());
    ObjectNode info = result.putObject("_meta").putObject(Turn.META + "serverInfo");
    info.put("name", "everything").put("version", "1");
    finish(turn, result);
  }

  /** What both kinds of revision have. */
  private ObjectNode common(Turn turn) throws IOException, Refused, InterruptedException {
    return switch (turn.method()) {
      case "tools/list" -> everything.tools();
      case "prompts/list" -> everything.prompts();
      case "resources/list" -> everything.resources();
      case "resources/templates/list" -> everything.templates();
      case "resources/read" -> everything.read(turn.params().path("uri").asText());
      case "tools/call" -> called(turn, everything.called("tools", turn.params()));
      case "prompts/get" -> called(turn, everything.called("prompts", turn.params()));
      case "completion/complete" -> {
        ObjectNode result = Turn.JSON.createObjectNode();
        result.putObject("completion").put("hasMore", false).putArray("values").add("tests");
        yield result;
      }
      default -> throw new Refused(404, -32601, "no such method: " + turn.method());
    };
  }

  private ObjectNode called(Turn turn, JsonNode known)
      throws IOException, Refused, InterruptedException {
    ObjectNode result = (ObjectNode) known.path("result");
    switch (known.path("behaviour").asText()) {
      case "log" -> log(turn);
      case "progress" -> progress(turn);
      case "change" -> tellListeners(known.path("changed").asText());
      case "ask" -> {
        ObjectNode content = (ObjectNode) result.at("/content/0");
        content.put("text", content.path("text").asText() + ask(turn, known.path("asked")));
      }
      case "input" -> {
        return inputs.answer(known, turn);
      }
      case "needsSampling" -> needSampling(turn);
      default -> {}
    }
    return result;
  }

  private static void needSampling(Turn turn) throws Refused {
    if (!turn.capabilities().has("sampling")) {
      ObjectNode data = Turn.JSON.createObjectNode();
      data.putObject("requiredCapabilities").putObject("sampling");
      throw new Refused(400, -32021, "the client has to be able to sample", data);
    }
  }

  private static void log(Turn turn) throws IOException, InterruptedException {
    if (turn.isStateless() && turn.meta(Turn.META + "logLevel").isMissingNode()) {
      return;
    }
    for (int step = 1; step <= 3; step++) {
      ObjectNode said = turn.notification("notifications/message");
      said.putObject("params").put("level", "info").put("data", "step " + step);
      turn.say(said);
      Thread.sleep(STEP);
    }
  }

  private static void progress(Turn turn) throws IOException, InterruptedException {
    JsonNode token = turn.meta("progressToken");
    for (int part = 0; part <= 2 && !token.isMissingNode(); part++) {
      ObjectNode said = turn.notification("notifications/progress");
      ObjectNode params = said.putObject("params").put("progress", part * 50).put("total", 100);
      params.set("progressToken", token);
      turn.say(said);
      Thread.sleep(STEP);
    }
  }

  /** Asks the client on the stream of its own call; the answer comes with another request. */
  private JsonNode ask(Turn turn, JsonNode question)
      throws IOException, Refused, InterruptedException {
    String id = UUID.randomUUID().toString();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode said = question.deepCopy();
    turn.say(said.put("jsonrpc", "2.0").put("id", id));
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS).path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new Refused(200, -32603, "the client did not answer");
    }
  }

  /** Stays until the client is gone: only a write finds that out. */
  private void listen(Turn turn) throws IOException, InterruptedException {
    ObjectNode said = turn.notification("notifications/subscriptions/acknowledged");
    ObjectNode params = said.putObject("params");
    params.set("notifications", turn.params().path("notifications"));
    params.putObject("_meta").set(Turn.META + "subscriptionId", turn.id());
    turn.say(said);
    listeners.add(turn);
    try {
      for (int i = 0; i < LONGEST_LISTENING; i++) {
        Thread.sleep(STEP);
        turn.probe();
      }
    } finally {
      listeners.remove(turn);
    }
  }

  private void tellListeners(String list) {
    for (Turn listener : listeners) {
      if (!listener.params().path("notifications").path(list + "ListChanged").asBoolean()) {
        continue;
      }
      ObjectNode said = listener.notification("notifications/" + list + "/list_changed");
      said.putObject("params").putObject("_meta").set(Turn.META + "subscriptionId", listener.id());
      try {
        listener.say(said);
      } catch (IOException e) {
        listeners.remove(listener);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
