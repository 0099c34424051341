package io.margay.flows.stream;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowLimits;
import io.margay.flows.history.FlowAggregator.Published;
import io.margay.flows.history.FlowHistory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hands views and batches to readers. The lock makes a new stream's starting view and its first
 * batch fit together without a gap or an overlap; it is held for hand-overs only, never for work.
 */
final class StreamHub {
  private final FlowLimits limits;
  private final DropCounters drops;
  private final Object handOver = new Object();
  private final List<FlowSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private volatile FlowHistory history = FlowHistory.EMPTY;

  StreamHub(FlowLimits limits, DropCounters drops) {
    this.limits = limits;
    this.drops = drops;
  }

  FlowHistory history() {
    return history;
  }

  int streams() {
    return subscriptions.size();
  }

  Optional<FlowSubscription> subscribe(FlowSubscription.Mode mode) {
    synchronized (handOver) {
      if (subscriptions.size() >= limits.streams()) {
        return Optional.empty();
      }
      FlowSubscription subscription =
          new FlowSubscription(mode, history, limits.queuedBatches(), subscriptions::remove);
      subscriptions.add(subscription);
      return Optional.of(subscription);
    }
  }

  void publish(Published published) {
    long version = published.history().version();
    FlowBatch changed = new FlowBatch(version, published.changed());
    List<Flow> closedFlows =
        published.closed().stream().flatMap(bucket -> bucket.flows().stream()).toList();
    FlowBatch closed = new FlowBatch(version, closedFlows);
    synchronized (handOver) {
      history = published.history();
      for (FlowSubscription subscription : subscriptions) {
        FlowBatch batch =
            switch (subscription.mode()) {
              case LIVE -> changed;
              case CLOSED_BUCKETS -> closed;
            };
        if (!batch.flows().isEmpty() && !subscription.offer(batch)) {
          subscriptions.remove(subscription);
          drops.count(DropReason.STREAM_CUT, 1);
        }
      }
    }
  }

  void close() {
    synchronized (handOver) {
      subscriptions.forEach(FlowSubscription::cutOff);
      subscriptions.clear();
    }
  }
}
