package io.margay.app.agents.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The official MCP conformance suite, played through the gateway with mutual TLS, user token,
 * policies, pinned tools and audit: once as the client of a server of ours, once as the server of a
 * client of ours.
 */
@Timeout(300)
class McpConformanceTest {
  /** The suite waits half a second for some answers; a busy machine may need another try. */
  private static final int TRIES = 3;

  @TempDir static Path state;

  private static Suite suite;
  private static EverythingServer server;
  private static GuardedTools guarded;
  private static HttpServer clients;
  private static final AtomicInteger registered = new AtomicInteger();

  @BeforeAll
  static void start() throws Exception {
    try {
      suite = Suite.install(Path.of("target", "mcp-conformance").toAbsolutePath());
    } catch (IOException e) {
      String reason = "SKIPPED McpConformanceTest: " + e.getMessage();
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    server = new EverythingServer();
    guarded = new GuardedTools(state);
    clients = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    clients.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    clients.createContext("/play", McpConformanceTest::playClient);
    clients.start();
  }

  @AfterAll
  static void stop() {
    if (suite != null) {
      clients.stop(0);
      guarded.close();
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"2026-07-28,37", "2025-11-25,30"})
  void everyRequiredServerScenarioPasses(String revision, int count) throws Exception {
    List<String> required = suite.required(revision, "server");
    assertThat(required).hasSize(count);
    String url =
        guarded
            .register(
                "everything-" + revision, server.uri(), new Everything().tools().path("tools"))
            .toString();
    Map<String, List<String>> failures = suite.playServer(url, "--requirements", revision);
    failures.keySet().retainAll(required);
    assertThat(failures.keySet()).containsExactlyInAnyOrderElementsOf(required);
    failures.values().removeIf(List::isEmpty);
    for (int i = 1; i < TRIES; i++) {
      for (String scenario : List.copyOf(failures.keySet())) {
        failures.putAll(suite.playServer(url, "--scenario", scenario, "--spec-version", revision));
      }
      failures.values().removeIf(List::isEmpty);
    }
    assertThat(failures).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2026-07-28,32", "2025-11-25,18"})
  void everyRequiredClientScenarioPassesOrIsAListedException(String revision, int count)
      throws Exception {
    List<String> required = suite.required(revision, "client");
    assertThat(required).hasSize(count);
    List<String> played = new ArrayList<>(required);
    played.removeAll(exceptions("client"));
    assertThat(played).isNotEmpty();
    String test = "http://127.0.0.1:" + clients.getAddress().getPort() + "/play";
    Map<String, List<String>> failures = new TreeMap<>();
    for (String scenario : played) {
      failures.put(scenario, List.of("not played"));
      for (int i = 0; i < TRIES && !failures.get(scenario).isEmpty(); i++) {
        failures.putAll(suite.playClient(test, "--scenario", scenario, "--spec-version", revision));
      }
    }
    failures.values().removeIf(List::isEmpty);
    assertThat(failures).isEmpty();
  }

  @Test
  void noExceptionIsListedThatNothingRequires() throws Exception {
    List<String> required = new ArrayList<>(suite.required("2026-07-28", "client"));
    required.addAll(suite.required("2025-11-25", "client"));
    assertThat(required).containsAll(exceptions("client"));
  }

  @Test
  void policiesAreOnMeanwhile() throws Exception {
    URI url = guarded.register("everything", server.uri(), new Everything().tools().path("tools"));
    try (McpClient client = new McpClient(url, "2026-07-28")) {
      JsonNode tools = client.listTools();
      assertThat(tools.findValuesAsText("name"))
          .contains("test_simple_text")
          .doesNotContain("wipe_everything");
      JsonNode none = Turn.JSON.createObjectNode();
      assertThat(client.call("test_simple_text", none, params -> params).has("result")).isTrue();
      JsonNode denied = client.call("wipe_everything", none, params -> params);
      assertThat(denied.at("/error/code").asInt()).isEqualTo(-32003);
    }
  }

  private static List<String> exceptions(String side) throws IOException {
    try (InputStream in = McpConformanceTest.class.getResourceAsStream("exceptions.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith(side + " "))
          .map(line -> line.substring(side.length() + 1))
          .toList();
    }
  }

  /**
   * Plays a client scenario against a server of the suite, which is put into the registry first.
   */
  private static void playClient(HttpExchange exchange) throws IOException {
    String answer = "played";
    int status = 200;
    try (exchange) {
      JsonNode told = Turn.JSON.readTree(exchange.getRequestBody());
      URI url =
          guarded.register(
              "suite-" + registered.incrementAndGet(),
              URI.create(told.path("server").asText()),
              Turn.JSON.valueToTree(ClientScenario.TOOLS));
      try (McpClient client = new McpClient(url, told.path("revision").asText())) {
        new ClientScenario(client).play(told.path("scenario").asText(), told.path("context"));
      } catch (IOException | InterruptedException | RuntimeException e) {
        answer = e.toString();
        status = 500;
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
