package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.DropReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches go out when the test turns the clock, so that the reading client can always keep up. */
@Timeout(120)
class SlowClientTest extends ConsoleTestCase {
  private static final int FLOWS = 1000;
  private static final int MOST_ROUNDS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicInteger read = new AtomicInteger();

  @Override
  Duration publishEvery() {
    return Duration.ofMillis(100);
  }

  @Test
  void aClientThatDoesNotReadIsCutOffWhileOthersGoOn() throws Exception {
    HttpResponse<InputStream> reading =
        client.send(
            HttpRequest.newBuilder(uri("/api/v1/flows/stream")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (Socket sleeper = new Socket();
        InputStream body = reading.body()) {
      Thread reader = Thread.startVirtualThread(() -> count(body));
      sleeper.setReceiveBufferSize(4096);
      sleeper.connect(new InetSocketAddress(console.uri().getHost(), console.uri().getPort()));
      sleeper
          .getOutputStream()
          .write(
              "GET /api/v1/flows/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await().atMost(PATIENCE).until(() -> flows.statistics().streams() == 2);

      int rounds = 0;
      while (flows.drops().get(DropReason.STREAM_CUT) == 0 && rounds < MOST_ROUNDS) {
        // About a megabyte, more than the kernel holds back for a client.
        for (int port = 1; port <= FLOWS; port++) {
          flows.offer(Seen.denied(T0, port));
        }
        int told = ++rounds * FLOWS;
        await().atMost(PATIENCE).until(() -> flows.statistics().events() == told);
        now.updateAndGet(time -> time.plus(publishEvery()));
        // The first event of a round may have gone ahead as a batch of its own.
        await().atMost(PATIENCE).until(() -> read.get() >= told);
      }
      assertThat(flows.drops().get(DropReason.STREAM_CUT)).isEqualTo(1);
      assertThat(flows.statistics().streams()).isEqualTo(1);
      assertThat(reader.isAlive()).isTrue();
    }
  }

  private void count(InputStream body) {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: {\"id\"")) {
          read.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // The test has closed the stream; if it had not, its assertions would tell.
      throw new UncheckedIOException(e);
    }
  }
}
