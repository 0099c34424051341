package io.margay.flows.stream;

import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where streams of closed buckets come from: this process, or several that share the flows. A
 * stream tells each flow of each bucket once, when the bucket has closed.
 */
public interface ClosedStreams {
  /** Begins a stream; empty when there are too many. */
  Optional<ClosedStream> open(FlowFilter filter);

  /**
   * Streams of this process's buckets.
   *
   * @param past answers from these flows and their history
   */
  static ClosedStreams of(FlowService flows, FlowReader past) {
    return filter ->
        flows
            .subscribe(FlowSubscription.Mode.CLOSED_BUCKETS)
            .map(subscription -> new ClosedFlows(flows, past, filter, subscription));
  }

  /** One stream, for one reader. */
  interface ClosedStream extends AutoCloseable {
    /**
     * Hands over flows until the reader has enough or the stream ends.
     *
     * @param from buckets that started then or later come first, oldest first; null for no past
     */
    <E extends Exception> Ending run(@Nullable Instant from, Reader<E> reader)
        throws InterruptedException, E;

    @Override
    void close();
  }

  /** Who gets the flows. It may take its time: little is kept for it meanwhile. */
  interface Reader<E extends Exception> {
    /** Takes some flows, several times a second none, and returns whether to go on. */
    boolean take(List<Flow> flows) throws E, InterruptedException;
  }

  /** Why a stream ended. */
  sealed interface Ending {
    /** The reader wanted no more. */
    record Enough() implements Ending {}

    /** Flows came faster than the reader took them. */
    record TooSlow() implements Ending {}

    /** The flows of another process would be missing from now on. */
    record ShardMissing(String name, String reason) implements Ending {}
  }
}
