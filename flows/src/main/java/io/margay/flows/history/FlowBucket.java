package io.margay.flows.history;

import io.margay.flows.Flow;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The flows of 15 seconds, as they were when the view was made. */
public final class FlowBucket {
  private final Instant start;
  private final List<Flow> flows;
  private final int[] places;

  /** Takes arrays that nobody else writes to. */
  FlowBucket(Instant start, Flow[] flows, int[] places) {
    this.start = start;
    this.flows = Collections.unmodifiableList(Arrays.asList(flows));
    this.places = places;
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

  /**
   * The place of a flow's key among all keys of this view, from 0: who looks for some keys, or sums
   * all up, needs an array of places and does not touch the flows of others.
   *
   * @param index of the flow in this bucket
   */
  public int place(int index) {
    return places[index];
  }

  /** One more than the largest place. */
  public int placesEnd() {
    int end = 0;
    for (int place : places) {
      end = Math.max(end, place + 1);
    }
    return end;
  }
}
