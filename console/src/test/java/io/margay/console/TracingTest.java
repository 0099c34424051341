package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.margay.console.http.RequestObserver;
import io.margay.console.telemetry.RequestTraces;
import io.margay.console.telemetry.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans reach a real OTLP receiver over HTTP. */
class TracingTest extends ConsoleTestCase {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private volatile String header = "";
  private HttpServer receiver;
  private Tracing tracing;

  @Override
  RequestObserver observer() {
    try {
      receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    receiver.createContext(
        "/v1/traces",
        exchange -> {
          header = exchange.getRequestHeaders().getFirst("X-Tenant");
          received.writeBytes(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    tracing =
        Tracing.of(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "X-Tenant=shop"),
            "margay-test",
            "1");
    return new RequestTraces(tracing.tracer());
  }

  @AfterEach
  void stopReceiver() {
    tracing.close();
    receiver.stop(0);
  }

  @Test
  void requestsAreTracedBelowTheirCaller() throws Exception {
    Http.send(
        client,
        uri("/api/v1/status"),
        "GET",
        "",
        "traceparent",
        "00-" + TRACE + "-00f067aa0ba902b7-01");
    tracing.close();
    String bytes = received.toString(StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("GET /api/v1/status").contains("margay-test");
    assertThat(bytes)
        .contains(new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1));
    assertThat(header).isEqualTo("shop");
  }

  @Test
  void itIsOffUnlessTheEnvironmentNamesACollector() {
    try (Tracing off = Tracing.of(Map.of(), "margay", "1")) {
      assertThat(off.tracer().spanBuilder("x").startSpan().isRecording()).isFalse();
    }
    assertThatThrownBy(() ->
            Tracing.of(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                    "OTEL_EXPORTER_OTLP_HEADERS", "nonsense"),
                "margay",
                "1"))
        .hasMessageContaining("nonsense");
  }
}
