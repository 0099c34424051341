package io.margay.console.flow;

import io.margay.console.access.Permissions;
import io.margay.console.flow.FlowJson.Dialect;
import io.margay.console.http.EventWriter;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Json;
import io.margay.flows.Flow;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowQueries;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.FlowBatch;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowSubscription;
import io.margay.flows.stream.FlowSubscription.Mode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events. A stream ends when its client goes, or when the client reads so slowly that
 * batches were lost: the browser then reconnects, and resumes where its last event id says.
 */
final class FlowStreams {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})-(\\d{1,12})");
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);

  /** What memory holds at most; of a longer break nobody knows what was missed. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final FlowService flows;
  private final ClosedStreams closed;
  private final InstantSource clock;

  /** Versions count from the start of the process, so ids of an earlier one must not match. */
  private final String epoch = UUID.randomUUID().toString().substring(0, 8);

  FlowStreams(FlowService flows, ClosedStreams closed, InstantSource clock) {
    this.flows = flows;
    this.closed = closed;
    this.clock = clock;
  }

  /** What a new stream is told of the past; null for nothing. */
  record Backfill(@Nullable TimeRange range) {
    static final Backfill NONE = new Backfill(null);
  }

  /** Flows as they change, with ids. */
  void live(Exchange exchange, FlowFilter asked, Backfill backfill) throws IOException {
    Predicate<Flow> filter = visible(exchange, asked);
    try (FlowSubscription subscription = subscribe(Mode.LIVE);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      FlowHistory start = subscription.start();
      Resume resume = resume(exchange, start);
      if (resume instanceof Resume.Gap gap) {
        // Without an id: whoever breaks off before all of the past was sent is told again.
        events.event("gap", gap.json());
      }
      List<Flow> past =
          switch (resume) {
            case Resume.After(long version) -> start.changedAfter(version).filter(filter).toList();
            case Resume.Anew _, Resume.Gap _ -> past(start, backfill, filter);
          };
      past.forEach(flow -> events.data(json(flow, Dialect.OURS)));
      events.event("sync", id(start.version()), "{}");
      events.flush();
      follow(
          subscription,
          events,
          batch -> {
            List<Flow> wanted = batch.flows().stream().filter(filter).toList();
            for (int i = 0; i < wanted.size(); i++) {
              // Only the last one has the id: a client that breaks off before gets all again.
              boolean last = i == wanted.size() - 1;
              byte[] data = json(wanted.get(i), Dialect.OURS);
              if (last) {
                events.data(data, id(batch.version()));
              } else {
                events.data(data);
              }
            }
          });
    }
  }

  /**
   * Every flow once, when its bucket closed, as Whisker's backend does. The past goes back as far
   * as the history, and is sent some flows at a time.
   */
  void closedBuckets(Exchange exchange, FlowFilter asked, Backfill backfill) throws IOException {
    Predicate<Flow> filter = visible(exchange, asked);
    TimeRange past = backfill.range();
    try (ClosedStream stream = closed.open(asked).orElseThrow(FlowStreams::tooMany);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      events.flush();
      Pulse pulse = new Pulse(events);
      stream.run(
          past == null ? null : past.from(),
          flows -> {
            flows.stream().filter(filter).forEach(flow -> events.data(json(flow, Dialect.WHISKER)));
            pulse.beat();
            return true;
          });
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private FlowSubscription subscribe(Mode mode) {
    return flows.subscribe(mode).orElseThrow(FlowStreams::tooMany);
  }

  private static HttpFailure tooMany() {
    return new HttpFailure(503, "too many streams are open, close one and try again");
  }

  private static Predicate<Flow> visible(Exchange exchange, FlowFilter filter) {
    Permissions permissions = exchange.caller().permissions();
    return permissions.seesAll() ? filter : filter.and(VisibleFlows.test(permissions));
  }

  private static List<Flow> past(FlowHistory history, Backfill backfill, Predicate<Flow> filter) {
    TimeRange range = backfill.range();
    return range == null
        ? List.of()
        : FlowQueries.buckets(history, range, FlowFilter.ALL).stream().filter(filter).toList();
  }

  private interface BatchWriter {
    void write(FlowBatch batch);
  }

  private static void follow(FlowSubscription subscription, EventWriter events, BatchWriter writer)
      throws IOException {
    Pulse pulse = new Pulse(events);
    while (!subscription.isCut()) {
      FlowBatch batch = poll(subscription);
      if (batch != null) {
        writer.write(batch);
      }
      pulse.beat();
    }
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

  private static @Nullable FlowBatch poll(FlowSubscription subscription) throws IOException {
    try {
      return subscription.poll(PATIENCE);
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private static IOException stopping() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the server stops");
  }

  private static byte[] json(Flow flow, Dialect dialect) {
    return Json.bytes(json -> FlowJson.write(flow, dialect, json));
  }

  /** Names the process, the view and the moment. */
  private String id(long version) {
    return epoch + "-" + version + "-" + clock.instant().getEpochSecond();
  }

  /** How a stream goes on. */
  private sealed interface Resume {
    /** It is new. */
    record Anew() implements Resume {}

    /** With what changed since a view of this process. */
    record After(long version) implements Resume {}

    /** Something may be missing, and the client must be told. */
    record Gap(String reason, @Nullable Instant since) implements Resume {
      String json() {
        byte[] bytes =
            Json.bytes(json -> {
              json.writeStartObject();
              json.writeStringField("reason", reason);
              json.writeStringField("since", since == null ? null : since.toString());
              json.writeEndObject();
            });
        return new String(bytes, StandardCharsets.UTF_8);
      }
    }
  }

  private Resume resume(Exchange exchange, FlowHistory now) {
    Optional<String> id = exchange.header("Last-Event-ID");
    if (id.isEmpty()) {
      return new Resume.Anew();
    }
    Matcher parts = ID.matcher(id.get());
    if (!parts.matches()) {
      return new Resume.Gap("the last event id is none of this server's", null);
    }
    Instant since = Instant.ofEpochSecond(Long.parseLong(parts.group(3)));
    long version = Long.parseLong(parts.group(2));
    if (!parts.group(1).equals(epoch) || version > now.version()) {
      return new Resume.Gap("the server was started anew", since);
    }
    Instant oldest =
        now.buckets().isEmpty() ? clock.instant().minus(KEPT) : now.buckets().getFirst().start();
    return since.isBefore(oldest)
        ? new Resume.Gap("the break was longer than what is kept", since)
        : new Resume.After(version);
  }
}
