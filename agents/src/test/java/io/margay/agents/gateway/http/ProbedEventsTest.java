package io.margay.agents.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbedEventsTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static void write(ProbedEvents events, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    events.write(bytes, bytes.length);
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data: a\n\n", "data: a\r\n\r\n", "id: 1\ndata:\n\n"})
  void aQuietStreamGetsACommentBetweenItsEvents(String before) throws IOException {
    try (ProbedEvents events = new ProbedEvents(out, NEVER, () -> {})) {
      write(events, before);
      events.probe();
      assertThat(written()).as("something was said since").isEqualTo(before);
      events.probe();
      assertThat(written()).isEqualTo(before + ":\n\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "data: a", "data: a\n", "data: a\n\nid: 2\n", "data: a\r\n\r"})
  void nothingIsPutIntoAnEventThatIsHalfWritten(String half) throws IOException {
    try (ProbedEvents events = new ProbedEvents(out, NEVER, () -> {})) {
      write(events, half);
      events.probe();
      events.probe();
      assertThat(written()).isEqualTo(half);
      write(events, "\n\n");
      events.probe();
      events.probe();
      assertThat(written()).isEqualTo(half + "\n\n:\n\n");
    }
  }

  @Test
  void nothingIsSaidAfterTheEnd() throws IOException {
    ProbedEvents events = new ProbedEvents(out, NEVER, () -> {});
    events.close();
    events.probe();
    events.probe();
    assertThat(written()).isEmpty();
  }

  @Test
  void whoHasGoneIsNoticedWithoutAnEvent() {
    CountDownLatch gone = new CountDownLatch(1);
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    try (ProbedEvents events = new ProbedEvents(broken, Duration.ofMillis(1), gone::countDown)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> gone.getCount() == 0);
      assertThat(events).isNotNull();
    }
  }
}
