package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.model.flow.FlowEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlowStreamTest extends ConsoleTestCase {

  /** A client of one stream. */
  private static final class Events implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader lines;

    private Events(InputStream body) {
      this.body = body;
      this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The lines of the next event, or null at the end; comments are passed over. */
    List<String> next() throws IOException {
      List<String> event = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && !line.startsWith(":")) {
          event.add(line);
        } else if (line.isEmpty() && !event.isEmpty()) {
          return event;
        }
      }
      return event.isEmpty() ? null : event;
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  private Events open(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
    return new Events(response.body());
  }

  private void see(int flowCount, FlowEvent event) {
    flows.offer(event);
    await().until(() -> flows.history().flows().count() == flowCount);
  }

  private static String data(List<String> event) {
    return event.stream()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .findFirst()
        .orElseThrow();
  }

  private static String id(List<String> event) {
    return event.stream()
        .filter(line -> line.startsWith("id: "))
        .map(line -> line.substring(4))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aLiveStreamTellsThePastOnRequestAndThenEveryChange() throws Exception {
    see(1, Seen.allowed(T0));
    try (Events events = open("/api/v1/flows/stream?startTimeGte=-60")) {
      assertThat(parse(data(events.next())).path("dest_name").asText()).isEqualTo("cart-*");
      assertThat(events.next().getFirst()).isEqualTo("event: sync");
      flows.offer(Seen.allowed(T0.plusSeconds(1)));
      List<String> change = events.next();
      assertThat(change.getFirst()).startsWith("id: ");
      assertThat(parse(data(change)).path("connections_started").asInt()).isEqualTo(2);
      assertThat(parse(data(change)).path("id").asText()).isEqualTo("1-" + T0.getEpochSecond());
    }
  }

  @Test
  void withoutAStartTheStreamBeginsNow() throws Exception {
    see(1, Seen.allowed(T0));
    try (Events events = open("/api/v1/flows/stream")) {
      assertThat(events.next().getFirst()).isEqualTo("event: sync");
    }
  }

  @Test
  void aStreamIsFiltered() throws Exception {
    String filter = encode("{\"actions\": [\"Deny\"]}");
    try (Events events = open("/api/v1/flows/stream?filters=" + filter)) {
      events.next();
      see(1, Seen.allowed(T0));
      see(2, Seen.denied(T0, 80));
      assertThat(parse(data(events.next())).path("action").asText()).isEqualTo("Deny");
    }
  }

  @Test
  void aClientThatComesBackGetsWhatItMissed() throws Exception {
    see(1, Seen.denied(T0, 80));
    String last;
    try (Events events = open("/api/v1/flows/stream")) {
      last = id(events.next());
    }
    see(2, Seen.denied(T0, 81));
    try (Events events = open("/api/v1/flows/stream", "Last-Event-ID", last)) {
      assertThat(parse(data(events.next())).path("dest_port").asInt()).isEqualTo(81);
      assertThat(events.next().getFirst()).isEqualTo("event: sync");
    }
    // Ids of another process, from the future or without sense start anew, and say so.
    String process = last.substring(0, last.indexOf('-'));
    String seconds = "-" + T0.getEpochSecond();
    for (String strange :
        List.of(
            "00000000-1" + seconds,
            process + "-999999" + seconds,
            process + "-1-1000",
            process + "-",
            process + "--1",
            "x")) {
      try (Events events =
          open("/api/v1/flows/stream?startTimeGte=-60", "Last-Event-ID", strange)) {
        List<String> gap = events.next();
        assertThat(gap.getFirst()).isEqualTo("event: gap");
        assertThat(gap)
            .as("a break before the past is told again")
            .noneMatch(l -> l.startsWith("id"));
        assertThat(parse(data(gap)).path("reason").asText()).isNotEmpty();
        assertThat(parse(data(gap)).path("since").isNull())
            .isEqualTo(!strange.matches(".*-\\d+-\\d+"));
        assertThat(parse(data(events.next())).path("dest_port").asInt()).isIn(80, 81);
        assertThat(parse(data(events.next())).path("dest_port").asInt()).isIn(80, 81);
        assertThat(events.next().getFirst()).isEqualTo("event: sync");
      }
    }
  }

  @Test
  void whiskersStreamTellsEachBucketOnceWhenItIsOver() throws Exception {
    see(1, Seen.allowed(T0));
    try (Events events = open("/whisker-backend/flows?watch=true")) {
      see(2, Seen.denied(T0, 80));
      now.set(T0.plusSeconds(17));
      List<String> first = events.next();
      List<String> second = events.next();
      assertThat(first).hasSize(1);
      assertThat(parse(data(first)).has("id")).isFalse();
      assertThat(
              List.of(
                  parse(data(first)).path("action").asText(),
                  parse(data(second)).path("action").asText()))
          .containsExactlyInAnyOrder("Allow", "Deny");
    }
    try (Events events = open("/flows?watch=true&startTimeGte=-60")) {
      assertThat(data(events.next())).contains("2026-11-21T10:00:00Z");
    }
  }

  @Test
  void aStreamHasNoEnd() throws Exception {
    for (String path :
        List.of("/api/v1/flows/stream?startTimeLt=-5", "/flows?watch=true&startTimeLt=-5")) {
      HttpResponse<String> refused = get(path);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("startTimeLt does not go with a stream");
    }
  }

  @Test
  void streamsAreLimitedAndGiveTheirPlaceBack() throws Exception {
    List<Events> open = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      Events events = open("/api/v1/flows/stream");
      events.next();
      open.add(events);
    }
    HttpResponse<String> refused = get("/api/v1/flows/stream");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("too many streams");
    for (Events events : open) {
      events.close();
    }
    // The server notices with its next write.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          flows.offer(Seen.allowed(T0));
          return flows.statistics().streams() == 0;
        });
  }

  @Test
  void streamsEndWithTheConsole() throws Exception {
    try (Events events = open("/api/v1/flows/stream")) {
      events.next();
      flows.close();
      assertThat(events.next()).isNull();
    }
  }
}
