package io.margay.agents.gateway;

import static io.margay.agents.gateway.Harness.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.mcp.ToolPins;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls through a running gateway, in both revisions. */
class McpDoorTest {
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
  private static final String TOOLS =
      """
      {"jsonrpc":"2.0","id":1,"result":{"tools":[
        {"name":"read","description":"reads","inputSchema":{"type":"object","properties":{
          "region":{"type":"string","x-mcp-header":"Region"}}}},
        {"name":"delete","description":"deletes","inputSchema":{"type":"object"}}],
        "ttlMs":60000,"cacheScope":"public"}}\
      """;

  private final CountDownLatch released = new CountDownLatch(1);
  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) -> {
          String body = received.body();
          if (body.contains("\"tools/list\"")
              && received.header("Accept").contains("event-stream")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            String event =
                ": hello\r\n\r\nevent: message\ndata: " + TOOLS.replace("\n", "") + "\n\n";
            exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
          } else if (body.contains("\"tools/list\"")) {
            Backend.json(exchange, 200, TOOLS);
          } else if (body.contains("\"slow\"")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange
                .getResponseBody()
                .write("data: {\"first\":1}\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            await(released);
          } else {
            if (body.contains("\"initialize\"")) {
              exchange.getResponseHeaders().set("Mcp-Session-Id", "s1");
            }
            Backend.json(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}");
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    released.countDown();
    harness.close();
  }

  private HttpRequest.Builder modern(String method, String name, String body) {
    HttpRequest.Builder request =
        harness
            .request("/mcp/crm")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method)
            .POST(BodyPublishers.ofString(body));
    return name.isEmpty() ? request : request.header("Mcp-Name", name);
  }

  private static String call(String tool, String arguments) {
    return """
    {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"%s","arguments":%s,%s}}\
    """
        .formatted(tool, arguments, META);
  }

  private HttpResponse<String> callTool(String tool, String arguments) throws Exception {
    return harness.send(modern("tools/call", tool, call(tool, arguments)).build());
  }

  /** It is noted after the answer has gone out. */
  private void expectOutcome(String outcome) {
    Awaitility.await().untilAsserted(() -> assertThat(harness.outcomes).containsExactly(outcome));
  }

  private HttpRequest.Builder legacy(String body) {
    return harness
        .request("/mcp/crm")
        .header("MCP-Protocol-Version", "2025-11-25")
        .POST(BodyPublishers.ofString(body));
  }

  @Test
  void aPermittedCallGoesOnWithATokenOfOursAndNotTheCallers() throws Exception {
    HttpResponse<String> response = callTool("read", "{\"id\":1}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/result/ok").asBoolean()).isTrue();
    Backend.Received received = harness.backend.received().getFirst();
    assertThat(received.header("Authorization")).isEqualTo("Bearer token-for-/mcp");
    assertThat(received.header("X-Test-Agent")).isEmpty();
    AgentCall call = harness.decided.getFirst();
    assertThat(call.action()).isEqualTo("invokeTool");
    assertThat(call.target()).isEqualTo(new Target(Target.Kind.TOOL, "crm", "read"));
    assertThat(call.arguments().path("id").asInt()).isEqualTo(1);
    assertThat(received.header("traceparent")).contains(call.trace().traceId());
    expectOutcome("ok 200");
  }

  @Test
  void aDenialNamesThePolicyAndReachesNobody() throws Exception {
    harness.rule = call -> Harness.deny("risk is high");
    JsonNode error = json(callTool("read", "{}")).path("error");
    assertThat(error.path("code").asInt()).isEqualTo(-32003);
    assertThat(error.path("message").asText()).contains("p-deny").contains("risk is high");
    assertThat(error.at("/data/auditRecord").asLong()).isEqualTo(1);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void whatCannotBeRecordedDoesNotGoOn() throws Exception {
    harness.diskFull = true;
    assertThat(callTool("read", "{}").statusCode()).isEqualTo(503);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void aStrangerIsAskedWhoHeIs() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(harness.uri().resolve("/mcp/crm"))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(harness.send(request).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "tools/list, read, -32020", // another method
    "tools/call, delete, -32020", // another name
    "tools/call, '', -32020", // no name
    "tools/call, '=?base64?!!?=', -32020", // no Base64
  })
  void headersHaveToSayWhatTheBodySays(String method, String name, int code) throws Exception {
    HttpResponse<String> response = harness.send(modern(method, name, call("read", "{}")).build());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/code").asInt()).isEqualTo(code);
    assertThat(harness.backend.received()).isEmpty();
    harness.assertRefusedByProtocol(1);
  }

  @Test
  void aNameMayBeEncoded() throws Exception {
    String header = "=?base64?cmVhZA==?=";
    HttpResponse<String> response =
        harness.send(modern("tools/call", header, call("read", "{}")).build());
    assertThat(json(response).at("/result/ok").asBoolean()).isTrue();
  }

  @Test
  void mirroredArgumentsAreCheckedOnceTheToolIsKnown() throws Exception {
    harness.visible = Set.of("read", "delete");
    list();
    HttpRequest.Builder request = modern("tools/call", "read", call("read", "{\"region\":\"eu\"}"));
    assertThat(harness.send(request.build()).statusCode()).isEqualTo(400);
    request.header("Mcp-Param-Region", "us");
    assertThat(harness.send(request.build()).statusCode()).isEqualTo(400);
    request.setHeader("Mcp-Param-Region", "eu");
    assertThat(harness.send(request.build()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "",
        "nonsense",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}",
        "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}",
      })
  void whatIsNoMessageIsRefusedBeforeAnyDecision(String body) throws Exception {
    HttpResponse<String> response = harness.send(legacy(body).build());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/code").asInt()).isBetween(-32700, -32600);
    harness.assertRefusedByProtocol(1);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void aBombOfBracketsIsRefused() throws Exception {
    String bomb =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":"
            + "[".repeat(100_000)
            + "]".repeat(100_000)
            + "}}";
    assertThat(harness.send(legacy(bomb).build()).statusCode()).isEqualTo(400);
  }

  @Test
  void unknownVersionsAreToldWhichOnesAreSpoken() throws Exception {
    HttpRequest request =
        harness
            .request("/mcp/crm")
            .header("MCP-Protocol-Version", "1900-01-01")
            .POST(BodyPublishers.ofString("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
            .build();
    HttpResponse<String> response = harness.send(request);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/code").asInt()).isEqualTo(-32022);
    assertThat(json(response).at("/error/data/supported").toString()).contains("2026-07-28");
  }

  @Test
  void aBodyOfTheNewRevisionCannotPassAsAnOldOne() throws Exception {
    HttpRequest request = legacy(call("read", "{}")).build();
    assertThat(json(harness.send(request)).at("/error/code").asInt()).isEqualTo(-32020);
  }

  @Test
  void unknownMethodsAreNotFound() throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/destroy\",\"params\":{" + META + "}}";
    HttpResponse<String> response = harness.send(modern("tools/destroy", "", body).build());
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).at("/error/code").asInt()).isEqualTo(-32601);
  }

  private HttpResponse<String> list() throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}";
    return harness.send(modern("tools/list", "", body).build());
  }

  @Test
  void listsShowWhatTheCallerMayUseAndAreHisAlone() throws Exception {
    harness.visible = Set.of("read");
    JsonNode result = json(list()).path("result");
    assertThat(result.path("tools")).hasSize(1);
    assertThat(result.at("/tools/0/name").asText()).isEqualTo("read");
    assertThat(result.path("ttlMs").asInt()).isZero();
    assertThat(result.path("cacheScope").asText()).isEqualTo("private");
  }

  @Test
  void listsInStreamsAreFilteredToo() throws Exception {
    harness.visible = Set.of("read");
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}";
    HttpRequest request =
        modern("tools/list", "", body).setHeader("Accept", "text/event-stream").build();
    String events = harness.send(request).body();
    assertThat(events).contains(": hello").contains("\"read\"").doesNotContain("\"delete\"");
  }

  @Test
  void aToolWhoseDefinitionHasChangedIsHeldBack() throws Exception {
    JsonNode tools = Harness.JSON.readTree(TOOLS).at("/result/tools");
    harness.visible = Set.of("read", "delete");
    harness.pins.putAll(Map.of("read", ToolPins.hash(tools.get(0)), "delete", "0".repeat(64)));
    assertThat(json(list()).at("/result/tools")).hasSize(1);
    assertThat(harness.changed).containsExactly("crm/delete");
    JsonNode error = json(callTool("delete", "{}")).path("error");
    assertThat(error.path("message").asText()).contains("definition has changed");
    assertThat(error.at("/data/auditRecord").asLong()).isPositive();
    assertThat(harness.backend.received()).hasSize(1);
  }

  @Test
  void aHeldCallComesBackWithItsStateUntilSomebodyApproves() throws Exception {
    harness.rule = call -> Harness.hold();
    JsonNode result = json(callTool("read", "{\"id\":2}")).path("result");
    assertThat(result.path("resultType").asText()).isEqualTo("input_required");
    String state = result.path("requestState").asText();
    assertThat(harness.backend.received()).isEmpty();

    harness.claims.put("{\"id\":2}", new Holds.Approved(List.of("bob")));
    String again =
        call("read", "{\"id\":2}")
            .replace("\"name\"", "\"requestState\":\"" + state + "\",\"name\"");
    assertThat(
            json(harness.send(modern("tools/call", "read", again).build()))
                .at("/result/ok")
                .asBoolean())
        .isTrue();
    assertThat(harness.backend.received().getFirst().body()).doesNotContain("requestState");
    // Other arguments are another call, whatever state comes with them.
    String other = again.replace("\"id\":2", "\"id\":3");
    JsonNode held = json(harness.send(modern("tools/call", "read", other).build()));
    assertThat(held.at("/result/resultType").asText()).isEqualTo("input_required");
  }

  @Test
  void sessionsBelongToWhoBeganThem() throws Exception {
    String initialize = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}";
    HttpResponse<String> began = harness.send(legacy(initialize).build());
    assertThat(began.headers().firstValue("Mcp-Session-Id")).contains("s1");
    String ping = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}";
    HttpRequest mine = legacy(ping).header("Mcp-Session-Id", "s1").build();
    assertThat(harness.send(mine).statusCode()).isEqualTo(200);
    HttpRequest thief =
        legacy(ping).header("Mcp-Session-Id", "s1").setHeader("X-Test-Agent", "thief").build();
    assertThat(harness.send(thief).statusCode()).isEqualTo(404);
    HttpRequest end = harness.request("/mcp/crm").header("Mcp-Session-Id", "s1").DELETE().build();
    assertThat(harness.send(end).statusCode()).isEqualTo(200);
    assertThat(harness.send(mine).statusCode()).isEqualTo(404);
  }

  @Test
  void withoutASessionThereIsNothingToListenTo() throws Exception {
    assertThat(harness.send(harness.request("/mcp/crm").GET().build()).statusCode()).isEqualTo(405);
  }

  @Test
  void pagesOfOthersMayNotCall() throws Exception {
    HttpRequest request = legacy("{}").header("Origin", "https://evil.example").build();
    assertThat(harness.send(request).statusCode()).isEqualTo(403);
    harness.assertRefusedByProtocol(1);
  }

  @Test
  void aHeaderThatStandsTwiceIsRefused() throws Exception {
    HttpRequest request =
        modern("tools/call", "read", call("read", "{}")).header("Mcp-Name", "delete").build();
    assertThat(harness.send(request).statusCode()).isEqualTo(400);
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void streamsPassAsTheyComeAndAreCutOffWhenTheAgentIsHalted() throws Exception {
    HttpRequest request = modern("tools/call", "slow", call("slow", "{}")).build();
    HttpResponse<InputStream> response =
        harness.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      // The first event is here while the backend still works on the next.
      assertThat(new String(in.readNBytes(13), StandardCharsets.UTF_8)).isEqualTo("data: {\"first");
      assertThat(harness.open.cut(caller -> caller.workload().endsWith("/seller"))).isZero();
      assertThat(harness.open.cut(caller -> caller.workload().endsWith("/buyer"))).isOne();
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
    expectOutcome("cut-off 200");
  }

  @Test
  void anUnreachableServerIsSaidToBeOne() throws Exception {
    harness.backend.close();
    HttpResponse<String> response = callTool("read", "{}");
    assertThat(response.statusCode()).isEqualTo(502);
    expectOutcome("upstream-unreachable 0");
  }
}
