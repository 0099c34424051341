package io.margay.flows.stream;

import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams.Ending;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where streams of flows as they change come from: this process, or several that share the flows. A
 * flow that is told again, with the same key's number and bucket, replaces what was told before.
 */
public interface LiveStreams {
  /** Begins a stream; empty when there are too many. */
  Optional<LiveStream> open(FlowFilter filter);

  /** Streams of this process's flows, whose positions are worth nothing to another life of it. */
  static LiveStreams of(FlowService flows, InstantSource clock) {
    return new LiveFlows(flows, clock);
  }

  /** One stream, for one reader. */
  interface LiveStream extends AutoCloseable {
    /** Hands over news until the reader has enough or the stream ends. */
    <E extends Exception> Ending run(Begin begin, Reader<E> reader) throws InterruptedException, E;

    @Override
    void close();
  }

  /** Who gets the news. It may take its time: little is kept for it meanwhile. */
  interface Reader<E extends Exception> {
    /** Takes some news, and returns whether to go on. */
    boolean take(News news) throws E, InterruptedException;
  }

  /**
   * How a stream begins.
   *
   * @param past buckets that overlap this moment or come later are told first, unless the stream is
   *     resumed; null for none
   * @param position where it is resumed, as some news had it; null if it is new
   */
  record Begin(@Nullable Instant past, @Nullable String position) {
    /** Without a past and from now. */
    public static final Begin NOW = new Begin(null, null);
  }

  /**
   * What a reader is told. A position resumes the stream behind the news that has it, on any of the
   * processes that share the flows.
   */
  sealed interface News {
    /**
     * Something may be missing from the stream; the past is told anew if there is one.
     *
     * @param reason a clause for people
     * @param since when that began; null if nobody knows
     */
    record Gap(String reason, @Nullable Instant since, String position) implements News {}

    /** What is told before the stream has caught up, oldest first. */
    record Earlier(List<Flow> flows) implements News {}

    /** The past is over: what follows are changes. */
    record Synced(String position) implements News {}

    /** Flows that changed; of those that a filter left none may be left. */
    record Changed(List<Flow> flows, String position) implements News {}

    /** Nothing happened, several times a second. */
    record Silence() implements News {}
  }
}
