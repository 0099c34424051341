package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many streams at once, the limit of them, and clients that are gone. */
@Timeout(180)
class StreamsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] FIRST = "data: {\"n\":1}\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LAST = "data: {\"n\":2}\n\n".getBytes(StandardCharsets.UTF_8);

  /** Another number with {@code -Dmargay.streams=10000}; each takes four sockets here. */
  private static final int STREAMS = Integer.getInteger("margay.streams", 1_000);

  private final CountDownLatch ending = new CountDownLatch(1);
  private Harness harness;

  @AfterEach
  void stop() {
    ending.countDown();
    harness.close();
  }

  private Harness harness(int mostCalls, Duration quiet) throws IOException {
    return new Harness(
        (received, exchange) -> {
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write(FIRST);
          out.flush();
          try {
            ending.await(170, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          out.write(LAST);
        },
        mostCalls,
        quiet);
  }

  private HttpRequest request() {
    return harness
        .request("/llm/models/v1/chat/completions")
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"model\":\"small\",\"stream\":true}"))
        .build();
  }

  @Test
  void asManyAsThereMayBeAreOpenAtOnceAndNotOneMore() throws Exception {
    harness = harness(STREAMS, Duration.ofSeconds(15));
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<CompletableFuture<HttpResponse<InputStream>>> opening = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        opening.add(client.sendAsync(request(), BodyHandlers.ofInputStream()));
      }
      List<InputStream> streams = new ArrayList<>();
      for (CompletableFuture<HttpResponse<InputStream>> one : opening) {
        HttpResponse<InputStream> response = one.get(60, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().readNBytes(FIRST.length)).isEqualTo(FIRST);
        streams.add(response.body());
      }
      assertThat(harness.open.size()).isEqualTo(STREAMS);

      HttpResponse<String> refused = client.send(request(), BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("the gateway has " + STREAMS + " calls under way");
      assertThat(harness.open.refused()).isEqualTo(1);
      if (STREAMS > 1_000) {
        System.gc();
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        System.out.printf("%d streams: %d MiB of heap, both ends%n", STREAMS, used >> 20);
      }

      streams.getFirst().close();
      ending.countDown();
      for (InputStream stream : streams.subList(1, STREAMS)) {
        assertThat(stream.readAllBytes()).isEqualTo(LAST);
      }
      await().atMost(PATIENCE).until(() -> harness.open.size() == 0);
      HttpResponse<String> later = client.send(request(), BodyHandlers.ofString());
      assertThat(later.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aQuietStreamGetsCommentsBetweenItsEvents() throws Exception {
    harness = harness(10, Duration.ofMillis(50));
    HttpResponse<InputStream> response =
        harness.client().send(request(), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      assertThat(in.readNBytes(FIRST.length)).isEqualTo(FIRST);
      assertThat(in.readNBytes(6)).isEqualTo(":\n\n:\n\n".getBytes(StandardCharsets.UTF_8));
      ending.countDown();
      String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(rest.replace(":\n\n", "")).isEqualTo(new String(LAST, StandardCharsets.UTF_8));
    }
  }

  @Test
  void aClientThatLeftWithoutAWordIsNoticed() throws Exception {
    harness = harness(10, Duration.ofMillis(50));
    String body = "{\"model\":\"small\",\"stream\":true}";
    try (Socket socket = new Socket(harness.uri().getHost(), harness.uri().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /llm/models/v1/chat/completions HTTP/1.1\r\nHost: gateway\r\n"
                      + "X-Test-Agent: buyer\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(harness.open.size()).isEqualTo(1);
    }
    await().atMost(PATIENCE).until(() -> harness.open.size() == 0);
    await().atMost(PATIENCE).until(() -> harness.outcomes.contains("cancelled 200"));
  }
}
