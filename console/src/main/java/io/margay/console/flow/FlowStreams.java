package io.margay.console.flow;

import io.margay.console.flow.FlowJson.Dialect;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Json;
import io.margay.flows.Flow;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowQueries;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.FlowBatch;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowSubscription;
import io.margay.flows.stream.FlowSubscription.Mode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events. A stream ends when its client goes, or when the client reads so slowly that
 * batches were lost: the browser then reconnects, and resumes where its last event id says.
 */
final class FlowStreams {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);

  private final FlowService flows;

  /** Versions count from the start of the process, so ids of an earlier one must not match. */
  private final String epoch = UUID.randomUUID().toString().substring(0, 8);

  FlowStreams(FlowService flows) {
    this.flows = flows;
  }

  /** What a new stream is told of the past; null for nothing. */
  record Backfill(@Nullable TimeRange range) {
    static final Backfill NONE = new Backfill(null);
  }

  /** Flows as they change, with ids. */
  void live(Exchange exchange, FlowFilter filter, Backfill backfill) throws IOException {
    try (FlowSubscription subscription = subscribe(Mode.LIVE);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      FlowHistory start = subscription.start();
      OptionalLong resumeAfter = resumeAfter(exchange, start);
      List<Flow> past =
          resumeAfter.isPresent()
              ? start.changedAfter(resumeAfter.getAsLong()).filter(filter).toList()
              : past(start, backfill, filter);
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

  /** Every flow once, when its bucket closed, as Whisker's backend does. */
  void closedBuckets(Exchange exchange, FlowFilter filter, Backfill backfill) throws IOException {
    try (FlowSubscription subscription = subscribe(Mode.CLOSED_BUCKETS);
        EventWriter events = new EventWriter(exchange)) {
      if (exchange.isHead()) {
        return;
      }
      FlowHistory start = subscription.start();
      past(start.closedOnly(), backfill, filter)
          .forEach(flow -> events.data(json(flow, Dialect.WHISKER)));
      events.flush();
      follow(
          subscription,
          events,
          batch ->
              batch.flows().stream()
                  .filter(filter)
                  .forEach(flow -> events.data(json(flow, Dialect.WHISKER))));
    }
  }

  private FlowSubscription subscribe(Mode mode) {
    return flows
        .subscribe(mode)
        .orElseThrow(
            () -> new HttpFailure(503, "too many streams are open, close one and try again"));
  }

  private static List<Flow> past(FlowHistory history, Backfill backfill, FlowFilter filter) {
    TimeRange range = backfill.range();
    return range == null ? List.of() : FlowQueries.buckets(history, range, filter);
  }

  private interface BatchWriter {
    void write(FlowBatch batch);
  }

  private static void follow(FlowSubscription subscription, EventWriter events, BatchWriter writer)
      throws IOException {
    long lastWrite = System.nanoTime();
    while (!subscription.isCut()) {
      FlowBatch batch = poll(subscription);
      if (batch != null) {
        writer.write(batch);
      }
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
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server stops");
    }
  }

  private static byte[] json(Flow flow, Dialect dialect) {
    return Json.bytes(json -> FlowJson.write(flow, dialect, json));
  }

  private String id(long version) {
    return epoch + "-" + version;
  }

  /** Where a client was, if that was in this process. */
  private OptionalLong resumeAfter(Exchange exchange, FlowHistory now) {
    Optional<String> id =
        exchange.header("Last-Event-ID").filter(text -> text.startsWith(epoch + "-"));
    if (id.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long version = Long.parseLong(id.get().substring(epoch.length() + 1));
      return version >= 0 && version <= now.version()
          ? OptionalLong.of(version)
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
