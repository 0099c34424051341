package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.TimeRange;
import java.util.List;

/**
 * The buckets that are answered from memory: all from a seam on. Earlier ones are answered from
 * disk, so that nothing counts twice.
 *
 * @param seam the first bucket from memory
 */
record LivePart(int seam, List<FlowBucket> buckets) {

  /**
   * @param completeFrom buckets before this one may be known in part only
   */
  static LivePart of(FlowHistory history, int completeFrom) {
    List<FlowBucket> buckets =
        history.buckets().stream()
            .filter(bucket -> Buckets.of(bucket.start()) >= completeFrom)
            .toList();
    return buckets.isEmpty()
        ? new LivePart(Integer.MAX_VALUE, buckets)
        : new LivePart(Buckets.of(buckets.getFirst().start()), buckets);
  }

  /** The buckets that a range covers, oldest first. */
  List<FlowBucket> in(TimeRange range) {
    return buckets.stream().filter(bucket -> range.covers(bucket.start(), bucket.end())).toList();
  }

  List<Flow> flows(TimeRange range) {
    return in(range).stream().flatMap(bucket -> bucket.flows().stream()).toList();
  }

  /** Where the part on disk ends, in epoch seconds. */
  long archivedBefore(TimeRange range) {
    return Math.min(range.toSecondOr(FOREVER), Buckets.second(seam));
  }

  /** Where it begins: rows that end later count. */
  static long archivedAfter(TimeRange range) {
    return Math.max(0, range.fromSecondOr(0));
  }

  /** Later than any flow. */
  static final long FOREVER = 1L << 40;
}
