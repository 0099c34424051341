package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.call.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers could read differently, byte by byte, and such as are too large. */
class HostileHttpTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  private Harness harness;

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((received, exchange) ->
            Backend.json(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  /** Sends bytes, and gives all that comes back until the server closes. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", harness.uri().getPort())) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      } catch (SocketException e) {
        // The server had heard enough; what it says is still to be read.
        assertThat(request).hasSizeGreaterThan(10_000);
      }
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String request(String line, String headers, String body) {
    return line
        + "\r\nHost: gateway\r\nX-Test-Agent: buyer\r\nConnection: close\r\n"
        + headers
        + "\r\n"
        + body;
  }

  @Test
  void theSameBytesWithoutATrickGoThrough() throws Exception {
    String length = "Content-Length: " + PING.length() + "\r\n";
    assertThat(raw(request("POST /mcp/crm HTTP/1.1", length, PING))).startsWith("HTTP/1.1 200");
    assertThat(harness.decided).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 40\r\nContent-Length: 41\r\n",
        "Content-Length: +40\r\n",
        "Content-Length: 40, 41\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-One: a\r\n b\r\nContent-Length: 40\r\n",
        "X-One\r\nContent-Length: 40\r\n"
      })
  void aRequestHasOneEnd(String headers) throws Exception {
    assertThat(raw(request("POST /mcp/crm HTTP/1.1", headers, PING))).startsWith("HTTP/1.1 400");
    assertThat(harness.decided).isEmpty();
    assertThat(harness.backend.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /mcp/../mcp/crm HTTP/1.1",
        "POST /mcp/%2e%2e/mcp/crm HTTP/1.1",
        "POST /mcp/crm%2fother HTTP/1.1",
        "POST /mcp/crm;x=y HTTP/1.1",
        "POST //mcp/crm HTTP/1.1",
        "POST /mcp/crm%00 HTTP/1.1"
      })
  void aPathHasOneMeaning(String line) throws Exception {
    String length = "Content-Length: " + PING.length() + "\r\n";
    String answer = raw(request(line, length, PING));
    boolean plain = harness.decided.stream().allMatch(call -> call.target().server().equals("crm"));
    assertThat(answer.startsWith("HTTP/1.1 4") || plain).as(answer).isTrue();
    assertThat(harness.backend.received())
        .allSatisfy(received -> assertThat(received.path()).isEqualTo("/mcp"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "h2c", "TLS/1.2"})
  void nobodyLeavesTheProtocol(String protocol) throws Exception {
    String headers =
        "Upgrade: %s\r\nConnection: Upgrade\r\nContent-Length: %d\r\n"
            .formatted(protocol, PING.length());
    String answer = raw(request("POST /mcp/crm HTTP/1.1", headers, PING));
    assertThat(answer).doesNotContain(" 101 ");
    assertThat(harness.backend.received())
        .allSatisfy(received -> assertThat(received.header("Upgrade")).isEmpty());
  }

  @Test
  void aTunnelIsRefused() throws Exception {
    String answer =
        raw(
            request("CONNECT crm.example:443 HTTP/1.1", "", "")
                .replace("Host: gateway", "Host: crm.example:443"));
    assertThat(answer).startsWith("HTTP/1.1 405").contains("tunnel").contains("/mcp/NAME");
    assertThat(harness.decided)
        .singleElement()
        .satisfies(call ->
            assertThat(call.target())
                .isEqualTo(new Target(Target.Kind.ADDRESS, "crm.example:443", "")));
  }

  @Test
  void headersHaveASize() throws Exception {
    String answer =
        raw(request("POST /mcp/crm HTTP/1.1", "X-One: " + "a".repeat(40_000) + "\r\n", ""));
    assertThat(answer).startsWith("HTTP/1.1 431");
  }

  @Test
  void aBodyHasASize() throws Exception {
    int size = (16 << 20) + 1;
    String headers = "Content-Length: " + size + "\r\n";
    String answer = raw(request("POST /mcp/crm HTTP/1.1", headers, " ".repeat(size)));
    assertThat(answer).startsWith("HTTP/1.1 413");
    assertThat(harness.decided).isEmpty();
  }
}
