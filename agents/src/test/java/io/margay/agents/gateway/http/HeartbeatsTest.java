package io.margay.agents.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Heartbeats heartbeats = new Heartbeats(Duration.ofSeconds(15), nanos::get);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicInteger gone = new AtomicInteger();

  @AfterEach
  void close() {
    heartbeats.close();
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    heartbeats.look();
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "data: a, false",
    "data: a\\n, false",
    "data: a\\n\\n, true",
    "data: a\\r\\n\\r\\n, true",
    "data: a\\r\\r, true",
    "data: a\\r\\n, false",
    "data: a\\n\\nid: 1\\n, false",
    ": hello\\n\\n, true"
  })
  void aCommentFitsBetweenEventsOnly(String text, boolean fits) {
    byte[] bytes = text.replace("\\n", "\n").replace("\\r", "\r").getBytes(StandardCharsets.UTF_8);
    EventBoundary whole = EventBoundary.START.after(bytes, 0, bytes.length);
    assertThat(whole.isBetweenEvents()).isEqualTo(fits);
    EventBoundary byOne = EventBoundary.START;
    for (int i = 0; i < bytes.length; i++) {
      byOne = byOne.after(bytes, i, 1);
    }
    assertThat(byOne).isEqualTo(whole);
  }

  @Test
  void onlyAQuietStreamGetsOne() throws IOException {
    try (Heartbeats.Stream stream = heartbeats.over(written, gone::incrementAndGet)) {
      pass(10);
      stream.write("data: a\n\n".getBytes(StandardCharsets.UTF_8));
      pass(10);
      pass(5);
      await()
          .atMost(PATIENCE)
          .until(() -> written.toString(StandardCharsets.UTF_8).contains(":\n\n"));
      assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("data: a\n\n:\n\n");
    }
    assertThat(gone).hasValue(0);
  }

  @Test
  void whoCannotBeWrittenToIsGone() throws IOException {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("reset by peer");
          }
        };
    try (Heartbeats.Stream _ = heartbeats.over(closed, gone::incrementAndGet)) {
      pass(15);
      await().atMost(PATIENCE).until(() -> gone.get() == 1);
      pass(15);
      assertThat(heartbeats.gone()).isEqualTo(1);
    }
  }
}
