package io.margay.console.flow;

import io.margay.console.access.Permissions;
import io.margay.console.flow.FlowJson.Dialect;
import io.margay.console.http.EventWriter;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Json;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.LiveStreams;
import io.margay.flows.stream.LiveStreams.Begin;
import io.margay.flows.stream.LiveStreams.LiveStream;
import io.margay.flows.stream.LiveStreams.News;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events. A stream ends when its client goes, or when the client reads so slowly that
 * batches were lost: the browser then reconnects, and resumes where its last event id says.
 */
final class FlowStreams {
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);

  private final LiveStreams live;
  private final ClosedStreams closed;

  FlowStreams(LiveStreams live, ClosedStreams closed) {
    this.live = live;
    this.closed = closed;
  }

  /**
   * Flows as they change. An event id is a position: a client that breaks off sends the last one
   * back.
   */
  void live(Exchange exchange, FlowFilter asked, @Nullable Instant past) throws IOException {
    Predicate<Flow> filter = visible(exchange, asked);
    try (LiveStream stream = live.open(asked).orElseThrow(FlowStreams::tooMany);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      Pulse pulse = new Pulse(events);
      stream.run(
          new Begin(past, exchange.header("Last-Event-ID").orElse(null)),
          news -> {
            write(news, filter, events);
            pulse.beat();
            return true;
          });
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private static void write(News news, Predicate<Flow> filter, EventWriter events) {
    switch (news) {
      // Without an id: whoever breaks off before all of the past was sent is told again.
      case News.Gap gap -> events.event("gap", gapJson(gap));
      case News.Earlier(List<Flow> flows) ->
          flows.stream().filter(filter).forEach(flow -> events.data(json(flow, Dialect.OURS)));
      case News.Synced(String position) -> events.event("sync", position, "{}");
      case News.Changed(List<Flow> flows, String position) -> {
        List<Flow> wanted = flows.stream().filter(filter).toList();
        for (int i = 0; i < wanted.size(); i++) {
          byte[] data = json(wanted.get(i), Dialect.OURS);
          // Only the last one has the id: a client that breaks off before gets all again.
          if (i == wanted.size() - 1) {
            events.data(data, position);
          } else {
            events.data(data);
          }
        }
      }
      case News.Silence() -> {}
    }
  }

  private static String gapJson(News.Gap gap) {
    Instant since = gap.since();
    byte[] bytes =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringField("reason", gap.reason());
          json.writeStringField("since", since == null ? null : since.toString());
          json.writeEndObject();
        });
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Every flow once, when its bucket closed, as Whisker's backend does. The past goes back as far
   * as the history, and is sent some flows at a time.
   */
  void closedBuckets(Exchange exchange, FlowFilter asked, @Nullable Instant past)
      throws IOException {
    Predicate<Flow> filter = visible(exchange, asked);
    try (ClosedStream stream = closed.open(asked).orElseThrow(FlowStreams::tooMany);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      events.flush();
      Pulse pulse = new Pulse(events);
      stream.run(
          past,
          flows -> {
            flows.stream().filter(filter).forEach(flow -> events.data(json(flow, Dialect.WHISKER)));
            pulse.beat();
            return true;
          });
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private static HttpFailure tooMany() {
    return new HttpFailure(503, "too many streams are open, close one and try again");
  }

  private static Predicate<Flow> visible(Exchange exchange, FlowFilter filter) {
    Permissions permissions = exchange.caller().permissions();
    return permissions.seesAll() ? filter : filter.and(VisibleFlows.test(permissions));
  }

  /** Sends what is pending, and now and then a sign of life. */
  private static final class Pulse {
    private final EventWriter events;
    private long lastWrite = System.nanoTime();

    Pulse(EventWriter events) {
      this.events = events;
    }

    void beat() throws IOException {
      boolean silent = System.nanoTime() - lastWrite > ALIVE_EVERY.toNanos();
      if (!events.hasPending() && silent) {
        // Without it neither side would notice that the other is gone.
        events.comment("alive");
      }
      if (events.hasPending()) {
        events.flush();
        lastWrite = System.nanoTime();
      }
    }
  }

  private static IOException stopping() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the server stops");
  }

  private static byte[] json(Flow flow, Dialect dialect) {
    return Json.bytes(json -> FlowJson.write(flow, dialect, json));
  }
}
