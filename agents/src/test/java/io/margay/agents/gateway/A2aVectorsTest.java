package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation and every error of A2A 1.0 in both bindings, after the specification: what an
 * agent is asked and answers passes as it is, and what the gateway refuses is refused in the
 * binding's own form, without a word to the agent.
 */
class A2aVectorsTest {

  static Stream<Named<JsonNode>> vectors() throws Exception {
    try (InputStream in = A2aVectorsTest.class.getResourceAsStream("a2a-vectors.json")) {
      return StreamSupport.stream(Harness.JSON.readTree(in).spliterator(), false)
          .map(vector -> Named.of(vector.path("name").asText(), vector));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void play(JsonNode vector) throws Exception {
    JsonNode upstream = vector.path("upstream");
    byte[] answer = upstream.path("body").asText().getBytes(StandardCharsets.UTF_8);
    try (Harness harness =
        new Harness((received, exchange) -> {
          exchange.getResponseHeaders().set("Content-Type", upstream.path("type").asText());
          exchange.sendResponseHeaders(upstream.path("status").asInt(), answer.length);
          exchange.getResponseBody().write(answer);
        })) {
      HttpRequest.Builder request =
          harness
              .request("/a2a/planner" + vector.path("path").asText())
              .header("Content-Type", vector.path("type").asText())
              .method(
                  vector.path("method").asText(),
                  BodyPublishers.ofString(vector.path("body").asText()));
      String version = vector.path("version").asText("1.0");
      if (!vector.path("version").isNull()) {
        request.header("A2A-Version", version);
      }
      HttpResponse<String> response = harness.send(request.build());
      if (upstream.isMissingNode()) {
        isRefused(vector, response, harness);
      } else {
        passes(vector, response, harness);
      }
    }
  }

  private static void passes(JsonNode vector, HttpResponse<String> response, Harness harness)
      throws Exception {
    JsonNode upstream = vector.path("upstream");
    assertThat(response.statusCode()).isEqualTo(upstream.path("status").asInt());
    assertThat(response.headers().firstValue("Content-Type"))
        .contains(upstream.path("type").asText());
    assertThat(response.body()).isEqualTo(upstream.path("body").asText());
    Backend.Received received = harness.backend.received().getFirst();
    assertThat(received.method()).isEqualTo(vector.path("method").asText());
    assertThat(received.path()).isEqualTo("/a2a" + vector.path("path").asText());
    assertThat(received.header("A2A-Version")).isEqualTo("1.0");
    assertThat(received.header("Content-Type")).isEqualTo(vector.path("type").asText());
    assertThat(Harness.JSON.readTree(received.body()))
        .isEqualTo(Harness.JSON.readTree(vector.path("body").asText()));
    assertThat(harness.decided).hasSize(1);
  }

  private static void isRefused(JsonNode vector, HttpResponse<String> response, Harness harness)
      throws Exception {
    JsonNode expected = vector.path("answer");
    JsonNode error = Harness.json(response).path("error");
    assertThat(response.statusCode()).isEqualTo(expected.path("status").asInt());
    assertThat(error.path("code").asInt()).isEqualTo(expected.path("code").asInt());
    assertThat(error.findValuesAsText("reason")).contains(expected.path("reason").asText());
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(harness.backend.received()).isEmpty();
    harness.assertRefusedByProtocol(1);
  }
}
