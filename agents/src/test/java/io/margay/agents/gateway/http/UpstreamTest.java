package io.margay.agents.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the gateway's client does by itself, against a server that says whatever a test wants. */
@Timeout(180)
class UpstreamTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final Upstream upstream = new Upstream();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private ServerSocket server;
  private volatile String script = OK;
  private volatile boolean breaksOff;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        StringBuilder head = new StringBuilder();
        for (; !line.isEmpty(); line = in.readLine()) {
          head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        requests.add(head.toString());
        socket.getOutputStream().write(script.getBytes(StandardCharsets.US_ASCII));
        if (breaksOff) {
          return;
        }
      }
    } catch (IOException e) {
      // The client is gone.
    } finally {
      ended.countDown();
    }
  }

  private Answer send() throws IOException, InterruptedException {
    return send(server.getLocalPort());
  }

  private Answer send(int port) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/mcp?a=b");
    HttpFields theirs =
        HttpFields.build()
            .put("Accept", "application/json")
            .put("Authorization", "Bearer of-the-caller")
            .put("Cookie", "a=b");
    return upstream.send(
        new Ask(
            "GET",
            uri,
            Optional.empty(),
            theirs,
            Map.of("authorization", "Bearer ours"),
            new byte[0]));
  }

  private static String text(Answer answer) throws IOException {
    return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void nothingGoesOutThatIsNotOnTheList() throws Exception {
    script = "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 2\r\n\r\nok";
    for (int i = 0; i < 2; i++) {
      try (Answer answer = send()) {
        assertThat(text(answer)).isEqualTo("ok");
        assertThat(answer.length()).hasValue(2);
        assertThat(answer.headers()).isEmpty();
      }
    }
    assertThat(requests)
        .hasSize(2)
        .allSatisfy(head ->
            assertThat(head.lines())
                .containsExactlyInAnyOrder(
                    "get /mcp?a=b http/1.1",
                    "host: 127.0.0.1:" + server.getLocalPort(),
                    "accept: application/json",
                    "authorization: bearer ours"));
  }

  @Test
  void redirectsAndChallengesAreAnswersAsAnyOther() throws Exception {
    String elsewhere = "Location: http://127.0.0.1:" + server.getLocalPort() + "/other\r\n";
    for (String head :
        List.of(
            "302 Found\r\n" + elsewhere,
            "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n",
            "407 Proxy\r\nProxy-Authenticate: Basic realm=\"r\"\r\n")) {
      script = "HTTP/1.1 " + head + "Content-Length: 0\r\n\r\n";
      try (Answer answer = send()) {
        assertThat(answer.status()).isEqualTo(Integer.parseInt(head.substring(0, 3)));
        assertThat(text(answer)).isEmpty();
      }
    }
    assertThat(requests).hasSize(3).noneMatch(head -> head.contains("/other"));
  }

  @Test
  void hintsAreNotTheAnswer() throws Exception {
    script = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK;
    try (Answer answer = send()) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(text(answer)).isEqualTo("ok");
    }
  }

  @Test
  void anAnswerThatIsClosedEarlyEndsItsConnection() throws Exception {
    script = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
    Answer answer = send();
    assertThat(answer.length()).isEmpty();
    assertThat(answer.body().read()).isEqualTo('o');
    answer.close();
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anAnswerThatBreaksOffDoesNotLookWhole() throws Exception {
    breaksOff = true;
    script = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok";
    try (Answer answer = send()) {
      assertThatThrownBy(() -> text(answer)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoReadsSlowlyHoldsTheServerUpAndGetsAll() throws Exception {
    String part = "0123456789abcdef";
    int parts = 2 << 20;
    breaksOff = true;
    script =
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(parts * part.length())
            + part.repeat(parts);
    try (Answer answer = send()) {
      assertThat(ended.await(500, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(text(answer).equals(part.repeat(parts))).isTrue();
    }
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoCannotBeReachedIsSaid() throws IOException {
    ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    other.close();
    assertThatThrownBy(() -> send(other.getLocalPort()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }
}
