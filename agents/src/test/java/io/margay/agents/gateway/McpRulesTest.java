package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway holds both sides of MCP to, whatever the policies say. */
class McpRulesTest {
  private static final String TOOLS =
      """
      {"jsonrpc":"2.0","id":1,"result":{"tools":[
        {"name":"odd","inputSchema":{"type":"object","properties":%s}},
        {"name":"plain","inputSchema":{"type":"object"}}]}}\
      """;

  private final CountDownLatch released = new CountDownLatch(1);
  private Harness harness;
  private volatile String schema = "{}";

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) -> {
          if (received.body().contains("subscriptions/listen")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            await(released);
          } else if (received.body().contains("tools/list")) {
            Backend.json(exchange, 200, TOOLS.formatted(schema));
          } else {
            Backend.json(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
          }
        });
    harness.visible = Set.of("odd", "plain");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    released.countDown();
    harness.close();
  }

  private JsonNode ask(String revision, String method, String name) throws Exception {
    return Harness.json(harness.send(request(revision, method, name)));
  }

  private HttpRequest request(String revision, String method, String name) {
    HttpRequest.Builder request =
        harness
            .request("/mcp/crm")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("MCP-Protocol-Version", revision)
            .header("Mcp-Method", method);
    String meta = "";
    if (revision.equals("2026-07-28")) {
      meta =
          """
          "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":{}}\
          """;
    }
    if (!name.isEmpty()) {
      request.header("Mcp-Name", name);
      meta = "\"name\":\"" + name + "\",\"arguments\":{}," + meta;
    }
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}".formatted(method, meta);
    return request.POST(BodyPublishers.ofString(body)).build();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-07-28,ping",
    "2026-07-28,initialize",
    "2026-07-28,resources/subscribe",
    "2025-11-25,server/discover",
    "2025-11-25,subscriptions/listen"
  })
  void aMethodOfTheOtherKindOfRevisionIsNotKnown(String revision, String method) throws Exception {
    assertThat(ask(revision, method, "").at("/error/code").asInt()).isEqualTo(-32601);
    assertThat(harness.backend.received()).isEmpty();
    harness.assertRefusedByProtocol(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"My Region\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"Region:\"}}",
        "{\"a\":{\"type\":\"object\",\"x-mcp-header\":\"Region\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"R\"},"
            + "\"b\":{\"type\":\"string\",\"x-mcp-header\":\"r\"}}"
      })
  void aToolThatMirrorsArgumentsWronglyIsHeldBack(String properties) throws Exception {
    schema = properties;
    JsonNode tools = ask("2026-07-28", "tools/list", "").at("/result/tools");
    assertThat(tools.findValuesAsText("name")).containsExactly("plain");
    JsonNode error = ask("2026-07-28", "tools/call", "odd").path("error");
    assertThat(error.path("code").asInt()).isEqualTo(-32003);
    assertThat(error.at("/data/auditRecord").asLong()).isPositive();
    assertThat(harness.backend.received()).hasSize(1);
  }

  @Test
  void aToolThatMirrorsArgumentsWellIsListed() throws Exception {
    schema = "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}}";
    JsonNode tools = ask("2026-07-28", "tools/list", "").at("/result/tools");
    assertThat(tools.findValuesAsText("name")).containsExactly("odd", "plain");
  }

  @Test
  void aStreamIsOpenBeforeItsFirstEvent() throws Exception {
    HttpResponse<InputStream> stream =
        harness
            .client()
            .send(request("2026-07-28", "subscriptions/listen", ""), BodyHandlers.ofInputStream());
    assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
    released.countDown();
    assertThat(stream.body().readAllBytes()).isEmpty();
  }
}
