package io.margay.flows.export;

import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.export.Flows.flows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.margay.flows.export.proto.Otlp;
import io.margay.flows.goldmane.RawMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server that reads what comes by number, as OTLP defines it. */
class OtlpLogsTest {
  private final List<byte[]> received = new ArrayList<>();
  private final Queue<Integer> codes = new ArrayDeque<>();
  private byte[] answer = new byte[0];
  private String authorization;
  private HttpServer server;
  private OtlpLogs target;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/logs", this::take);
    server.start();
    target =
        new OtlpLogs(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/logs"),
            Map.of("Authorization", "Bearer token"),
            InstantSource.fixed(T0.plusSeconds(20)));
  }

  @AfterEach
  void stop() {
    target.close();
    server.stop(0);
  }

  private synchronized void take(HttpExchange exchange) throws IOException {
    received.add(exchange.getRequestBody().readAllBytes());
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
        .isEqualTo("application/x-protobuf");
    Integer code = codes.poll();
    exchange.sendResponseHeaders(
        code == null ? 200 : code, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  @Test
  void flowsAreLogRecords() throws Exception {
    assertThat(target.send(flows(80, 81))).isZero();
    assertThat(authorization).isEqualTo("Bearer token");
    RawMessage logs = RawMessage.parse(received.getFirst()).message(1);
    RawMessage service = logs.message(1).message(1);
    assertThat(service.text(1)).isEqualTo("service.name");
    assertThat(service.message(2).text(1)).isEqualTo("margay");
    List<RawMessage> records = logs.message(2).messages(2);
    assertThat(records).hasSize(2);
    RawMessage record = records.getFirst();
    assertThat(record.number(1)).isEqualTo(T0.getEpochSecond() * 1_000_000_000);
    assertThat(record.number(11)).isEqualTo(T0.plusSeconds(20).getEpochSecond() * 1_000_000_000);
    assertThat(record.number(2)).isEqualTo(9);
    assertThat(record.text(3)).isEqualTo("INFO");
    assertThat(record.message(5).text(1)).isEqualTo("Allow shop/web-* > shop/cart-*:80 tcp");
    Map<String, RawMessage> attributes =
        record.messages(6).stream()
            .collect(Collectors.toMap(pair -> pair.text(1), pair -> pair.message(2)));
    assertThat(attributes.get("destination.port").number(3)).isEqualTo(80);
    assertThat(attributes.get("margay.flow.pending_action").text(1)).isEqualTo("Deny");
    assertThat(attributes.get("margay.source.labels").message(5).message(1).text(1))
        .isEqualTo("app=web");
    assertThat(attributes.get("margay.policies.enforced").message(5).message(1).text(1))
        .isEqualTo("0|application|CalicoNetworkPolicy:shop/web|Allow|1");
  }

  @Test
  void whatMayWorkLaterIsTriedAgain() {
    for (int code : List.of(429, 500, 503)) {
      codes.add(code);
      assertThatThrownBy(() -> target.send(flows(1, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(code));
    }
  }

  @Test
  void whatIsRefusedIsCounted() throws Exception {
    codes.add(400);
    assertThat(target.send(flows(1, 3))).isEqualTo(3);
    answer =
        Otlp.ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(Otlp.PartialSuccess.newBuilder().setRejectedLogRecords(2))
            .build()
            .toByteArray();
    assertThat(target.send(flows(1, 3))).isEqualTo(2);
  }

  @Test
  void aServerThatIsNotThereIsAnError() {
    server.stop(0);
    assertThatThrownBy(() -> target.send(flows(1, 1))).isInstanceOf(IOException.class);
  }
}
