package io.margay.flows.history;

import io.margay.flows.Flow;
import java.time.Instant;
import java.util.List;

/** The flows of 15 seconds, as they were when the view was made. */
public record FlowBucket(Instant start, List<Flow> flows) {
  public FlowBucket {
    flows = List.copyOf(flows);
  }

  public Instant end() {
    return start.plus(BucketTime.LENGTH);
  }
}
