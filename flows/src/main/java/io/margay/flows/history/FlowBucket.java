package io.margay.flows.history;

import io.margay.flows.Flow;
import java.time.Instant;
import java.util.List;

/** The flows of 15 seconds, as they were when the view was made. */
public final class FlowBucket {
  private final Instant start;
  private final List<Flow> flows;
  private final long[] keyNumbers;

  public FlowBucket(Instant start, List<Flow> flows) {
    this.start = start;
    this.flows = List.copyOf(flows);
    this.keyNumbers = flows.stream().mapToLong(Flow::keyNumber).toArray();
  }

  public Instant start() {
    return start;
  }

  public Instant end() {
    return start.plus(BucketTime.LENGTH);
  }

  public List<Flow> flows() {
    return flows;
  }

  /** The number of each flow's key, side by side: who looks for some does not touch all flows. */
  public long keyNumber(int place) {
    return keyNumbers[place];
  }
}
