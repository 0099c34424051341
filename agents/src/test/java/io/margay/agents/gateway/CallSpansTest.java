package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.agents.gateway.trace.CallSpans;
import io.margay.agents.gateway.trace.HopIds;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The spans of calls through a running gateway. */
class CallSpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup",\
      "_meta":{"traceparent":"00-%s-%s-01"},"arguments":{"customer":"very-secret"}}}\
      """
          .formatted(TRACE, CALLER);
  private static final String MESSAGE =
      "{\"message\":{\"messageId\":\"m1\",\"role\":\"ROLE_USER\",\"parts\":[{\"text\":\"hi\"}]}}";

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .setIdGenerator(new HopIds())
          .addSpanProcessor(SimpleSpanProcessor.create(new ToList()))
          .build();
  private Harness harness;

  private final class ToList implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> more) {
      spans.addAll(more);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) -> {
          if (received.path().startsWith("/a2a")) {
            // The agent calls a tool, in the trace that it was called in.
            send("/mcp/crm", LOOKUP.replaceAll("\"_meta.*},", ""), received.header("traceparent"));
          }
          Backend.json(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
        });
    harness.observer = new CallSpans(provider.get("test"), InstantSource.system());
  }

  @AfterEach
  void stop() {
    harness.close();
    provider.close();
  }

  private void send(String path, String body, String traceParent) {
    try {
      var request =
          harness
              .request(path)
              .timeout(Duration.ofSeconds(60))
              .header("A2A-Version", "1.0")
              .POST(BodyPublishers.ofString(body));
      if (!traceParent.isEmpty()) {
        request.header("traceparent", traceParent);
      }
      harness.send(request.build());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private SpanData span(String name) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> spans.stream().anyMatch(span -> span.getName().equals(name)));
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private static String text(SpanData span, String attribute) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(attribute)));
  }

  @Test
  void aToolCallIsBelowItsCallerAndAboveItsServer() {
    // The message says where it belongs; what the HTTP request says is of the transport.
    send("/mcp/crm", LOOKUP, "00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01");
    SpanData span = span("tools/call lookup");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(CALLER);
    Backend.Received received = harness.backend.received().getFirst();
    String told = "00-" + TRACE + "-" + span.getSpanId() + "-01";
    assertThat(received.header("traceparent")).isEqualTo(told);
    assertThat(received.body()).contains(told);
    assertThat(text(span, "mcp.method.name")).isEqualTo("tools/call");
    assertThat(text(span, "gen_ai.operation.name")).isEqualTo("execute_tool");
    assertThat(text(span, "gen_ai.tool.name")).isEqualTo("lookup");
    assertThat(text(span, "margay.policies")).isEqualTo("p-allow");
    assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(200);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getEndEpochNanos()).isGreaterThanOrEqualTo(span.getStartEpochNanos());
    assertThat(span.toString()).doesNotContain("very-secret");
  }

  @Test
  void hopsStandBelowEachOther() {
    send("/a2a/planner/message:send", MESSAGE, "");
    SpanData first = span("invoke_agent planner");
    SpanData second = span("tools/call lookup");
    assertThat(first.getParentSpanContext().isValid()).isFalse();
    assertThat(first.getTraceId()).isEqualTo(harness.decided.getFirst().trace().traceId());
    assertThat(second.getTraceId()).isEqualTo(first.getTraceId());
    assertThat(second.getParentSpanId()).isEqualTo(first.getSpanId());
    assertThat(text(first, "gen_ai.agent.name")).isEqualTo("planner");
  }

  @Test
  void aDenialIsAnErrorThatNamesThePolicy() {
    harness.rule = call -> Harness.deny("not your customer");
    send("/mcp/crm", LOOKUP, "");
    SpanData span = span("tools/call lookup");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(text(span, "error.type")).isEqualTo("denied");
    assertThat(text(span, "margay.verdict")).isEqualTo("DENY");
    assertThat(text(span, "margay.policies")).isEqualTo("p-deny");
    assertThat(span.getAttributes().get(AttributeKey.longKey("margay.audit.record"))).isOne();
  }

  @Test
  void aModelCallHasNoWordOfThePrompt() {
    send(
        "/llm/models/v1/chat/completions",
        "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"very-secret\"}]}",
        "");
    SpanData span = span("chat small");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("models");
    assertThat(text(span, "gen_ai.request.model")).isEqualTo("small");
    assertThat(span.toString()).doesNotContain("very-secret");
  }
}
