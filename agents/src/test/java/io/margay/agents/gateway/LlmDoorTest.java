package io.margay.agents.gateway;

import static io.margay.agents.gateway.Harness.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.margay.agents.gateway.llm.Account;
import io.margay.agents.gateway.llm.Balance;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of models through a running gateway. */
class LlmDoorTest {
  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) -> {
          if (received.body().contains("\"stream\":true")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            String events =
                "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n"
                    + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}\n\n"
                    + "data: [DONE]\n\n";
            exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
          } else if (received.body().contains("\"bad\"")) {
            Backend.json(exchange, 400, "{\"error\":{\"message\":\"bad\"}}");
          } else if (received.path().endsWith("/messages")) {
            Backend.json(exchange, 200, "{\"usage\":{\"input_tokens\":10,\"output_tokens\":20}}");
          } else {
            Backend.json(
                exchange,
                200,
                "{\"choices\":[{}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}");
          }
        });
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  private void budget(long tokens) {
    harness.budgetList.add(
        new Account("daily", "agent:buyer", tokens, Long.MAX_VALUE, Duration.ofDays(1)));
  }

  /** It is settled after the answer has gone out. */
  private void expectSpent(long tokens) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(harness.budgets.balances())
                .extracting(Balance::tokens, Balance::reservedTokens)
                .containsExactly(tuple(tokens, 0L)));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    HttpRequest request =
        harness.request("/llm/models" + path).POST(BodyPublishers.ofString(body)).build();
    return harness.send(request);
  }

  private HttpResponse<String> chat(String more) throws Exception {
    return post("/v1/chat/completions", "{\"model\":\"small\",\"max_tokens\":100" + more + "}");
  }

  @Test
  void aCallCarriesTheProvidersKeyAndSettlesWhatItTook() throws Exception {
    budget(1_000);
    assertThat(chat("").statusCode()).isEqualTo(200);
    assertThat(harness.backend.received().getFirst().header("Authorization"))
        .isEqualTo("Bearer key-of-the-provider");
    assertThat(harness.backend.received().getFirst().path()).isEqualTo("/v1/chat/completions");
    assertThat(harness.decided.getFirst().action()).isEqualTo("invokeModel");
    expectSpent(30);
  }

  @Test
  void theOtherApisSettleToo() throws Exception {
    budget(10_000);
    assertThat(post("/v1/messages", "{\"model\":\"small\",\"max_tokens\":50}").statusCode())
        .isEqualTo(200);
    expectSpent(30);
    assertThat(post("/v1/embeddings", "{\"model\":\"small\",\"input\":\"x\"}").statusCode())
        .isEqualTo(200);
    assertThat(harness.decided.getLast().action()).isEqualTo("embed");
  }

  @Test
  void aStreamSaysWhatItTookToUsOnly() throws Exception {
    budget(1_000);
    String body = chat(",\"stream\":true").body();
    assertThat(body).contains("hi").contains("[DONE]").doesNotContain("usage");
    assertThat(harness.backend.received().getFirst().body()).contains("include_usage");
    expectSpent(12);
  }

  @Test
  void whoAsksForTheUsageSeesIt() throws Exception {
    String body = chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}").body();
    assertThat(body).contains("usage");
  }

  @Test
  void aBudgetThatIsTooSmallStopsTheCallAndIsRecorded() throws Exception {
    budget(50);
    HttpResponse<String> response = chat("");
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(json(response).at("/error/message").asText())
        .contains("budget daily has 50 tokens left of 50 tokens for agent:buyer");
    assertThat(harness.backend.received()).isEmpty();
    assertThat(harness.decisions.getFirst().enforced().tier()).isEqualTo("budgets");
  }

  @Test
  void whatIsDeniedOrRefusedCostsNothing() throws Exception {
    budget(1_000);
    harness.rule = call -> Harness.deny("no models for you");
    HttpResponse<String> denied = chat("");
    assertThat(denied.statusCode()).isEqualTo(403);
    assertThat(json(denied).at("/error/message").asText()).contains("p-deny");
    expectSpent(0);
    harness.rule = call -> Harness.permit();
    assertThat(chat(",\"bad\":1").statusCode()).isEqualTo(400);
    expectSpent(0);
  }

  @Test
  void modelsAreListedAsFarAsTheCallerMayUseThem() throws Exception {
    HttpRequest request = harness.request("/llm/models/v1/models").GET().build();
    assertThat(json(harness.send(request)).path("data")).isEmpty();
    harness.visible = Set.of("small");
    assertThat(json(harness.send(request)).at("/data/0/id").asText()).isEqualTo("small");
  }

  @Test
  void aCallWithoutAModelIsRefused() throws Exception {
    assertThat(post("/v1/responses", "{}").statusCode()).isEqualTo(400);
    assertThat(post("/v1/unknown", "{}").statusCode()).isEqualTo(404);
    assertThat(post("/v1/responses", "{\"model\":\"a\",\"model\":\"b\"}").statusCode())
        .isEqualTo(400);
    harness.assertRefusedByProtocol(2);
  }
}
