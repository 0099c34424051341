package io.margay.flows.stream;

import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowReader;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.ClosedStreams.Ending;
import io.margay.flows.stream.ClosedStreams.Reader;
import io.margay.flows.stream.FlowSubscription.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of closed buckets with as much of the past as the history has, and no gap or overlap
 * between the two. What closes while the past is read is left to the history, so that a long past
 * does not fill the bounded queue: the stream then begins anew where the past ended, until it has
 * caught up.
 */
final class ClosedFlows implements ClosedStream {
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final FlowService flows;
  private final FlowReader past;
  private final FlowFilter filter;
  private FlowSubscription subscription;

  ClosedFlows(
      FlowService flows, FlowReader past, FlowFilter filter, FlowSubscription subscription) {
    this.flows = flows;
    this.past = past;
    this.filter = filter;
    this.subscription = subscription;
  }

  @Override
  public <E extends Exception> Ending run(@Nullable Instant from, Reader<E> reader)
      throws InterruptedException, E {
    if (from != null && !catchUp(from, reader)) {
      return new Ending.Enough();
    }
    while (!subscription.isCut()) {
      FlowBatch batch = subscription.poll(PATIENCE);
      if (!reader.take(batch == null ? List.of() : wanted(batch))) {
        return new Ending.Enough();
      }
    }
    return new Ending.TooSlow();
  }

  private List<Flow> wanted(FlowBatch batch) {
    return batch.flows().stream().filter(filter).toList();
  }

  /** Reads the past until the subscription follows it, and returns whether to go on. */
  private <E extends Exception> boolean catchUp(Instant from, Reader<E> reader)
      throws InterruptedException, E {
    Instant next = from;
    boolean behind = true;
    while (behind) {
      Instant end = subscription.start().closedUpTo();
      PastFlows flowsBefore = new PastFlows(past, filter, next, end);
      behind = false;
      List<Flow> some = flowsBefore.read();
      while (some != null) {
        if (!reader.take(some)) {
          return false;
        }
        behind |= dropWaiting();
        some = flowsBefore.read();
      }
      if (behind) {
        next = end;
        behind = beginAnew();
      }
    }
    return true;
  }

  /** Leaves to the history what closed meanwhile, and returns whether there was anything. */
  private boolean dropWaiting() throws InterruptedException {
    boolean some = subscription.isCut();
    while (subscription.poll(Duration.ZERO) != null) {
      some = true;
    }
    return some;
  }

  /** Begins to listen later; if there are too many streams by now, this one is cut. */
  private boolean beginAnew() {
    subscription.close();
    Optional<FlowSubscription> later = flows.subscribe(Mode.CLOSED_BUCKETS);
    later.ifPresentOrElse(given -> subscription = given, subscription::cutOff);
    return later.isPresent();
  }

  @Override
  public void close() {
    subscription.close();
  }
}
