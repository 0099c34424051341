package io.margay.flows.stream;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowQueries;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.ClosedStreams.Ending;
import io.margay.flows.stream.FlowSubscription.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Streams of what this process takes in, and of what it has in memory. */
final class LiveFlows implements LiveStreams {
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** What memory holds at most; of a longer break nobody knows what was missed. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final FlowService flows;
  private final InstantSource clock;

  /**
   * Versions count from the start of the process, so positions of an earlier one must not match.
   */
  private final String life = UUID.randomUUID().toString().substring(0, 8);

  LiveFlows(FlowService flows, InstantSource clock) {
    this.flows = flows;
    this.clock = clock;
  }

  @Override
  public Optional<LiveStream> open(FlowFilter filter) {
    return flows.subscribe(Mode.LIVE).map(subscription -> new Stream(subscription, filter));
  }

  private String position(long version) {
    return new StreamPosition(life, version, clock.instant().getEpochSecond()).toString();
  }

  private final class Stream implements LiveStream {
    private final FlowSubscription subscription;
    private final FlowFilter filter;

    Stream(FlowSubscription subscription, FlowFilter filter) {
      this.subscription = subscription;
      this.filter = filter;
    }

    @Override
    public <E extends Exception> Ending run(Begin begin, Reader<E> reader)
        throws InterruptedException, E {
      if (!tellStart(begin, reader)) {
        return new Ending.Enough();
      }
      while (!subscription.isCut()) {
        FlowBatch batch = subscription.poll(PATIENCE);
        News news = batch == null ? new News.Silence() : changed(batch);
        if (!reader.take(news)) {
          return new Ending.Enough();
        }
      }
      return new Ending.TooSlow();
    }

    private News changed(FlowBatch batch) {
      return new News.Changed(
          batch.flows().stream().filter(filter).toList(), position(batch.version()));
    }

    private <E extends Exception> boolean tellStart(Begin begin, Reader<E> reader)
        throws InterruptedException, E {
      FlowHistory start = subscription.start();
      String position = position(start.version());
      Resume resume = resume(begin.position(), start);
      boolean goOn = true;
      if (resume instanceof Resume.Gap(String reason, Instant since)) {
        goOn = reader.take(new News.Gap(reason, since, position));
      }
      List<Flow> earlier =
          switch (resume) {
            case Resume.After(long version) -> start.changedAfter(version).filter(filter).toList();
            case Resume.Anew _, Resume.Gap _ -> past(start, begin.past());
          };
      return goOn
          && reader.take(new News.Earlier(earlier))
          && reader.take(new News.Synced(position));
    }

    private List<Flow> past(FlowHistory history, @Nullable Instant from) {
      return from == null
          ? List.of()
          : FlowQueries.buckets(history, new TimeRange(from, Instant.MAX), filter);
    }

    @Override
    public void close() {
      subscription.close();
    }
  }

  /** How a stream goes on. */
  private sealed interface Resume {
    /** It is new. */
    record Anew() implements Resume {}

    /** With what changed since a view of this process. */
    record After(long version) implements Resume {}

    /** Something may be missing, and the reader must be told. */
    record Gap(String reason, @Nullable Instant since) implements Resume {}
  }

  private Resume resume(@Nullable String position, FlowHistory now) {
    if (position == null) {
      return new Resume.Anew();
    }
    List<StreamPosition> parts = StreamPosition.parseAll(position);
    if (parts.isEmpty()) {
      return new Resume.Gap("the last event id is none of this server's", null);
    }
    Optional<StreamPosition> known =
        parts.stream()
            .filter(part -> part.life().equals(life) && part.version() <= now.version())
            .findFirst();
    if (known.isEmpty()) {
      return new Resume.Gap("the server was started anew", StreamPosition.earliest(parts));
    }
    Instant oldest =
        now.buckets().isEmpty() ? clock.instant().minus(KEPT) : now.buckets().getFirst().start();
    return known.get().at().isBefore(oldest)
        ? new Resume.Gap("the break was longer than what is kept", known.get().at())
        : new Resume.After(known.get().version());
  }
}
