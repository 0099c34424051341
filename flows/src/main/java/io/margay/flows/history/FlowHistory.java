package io.margay.flows.history;

import io.margay.flows.Flow;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * An immutable view of all buckets.
 *
 * @param version grows with every view; flows carry the one in which they last changed
 * @param buckets oldest first; those without flows are left out
 * @param closedUpTo buckets that start before this moment are closed
 */
public record FlowHistory(long version, List<FlowBucket> buckets, Instant closedUpTo) {
  public static final FlowHistory EMPTY = new FlowHistory(0, List.of(), Instant.MIN);

  public FlowHistory {
    buckets = List.copyOf(buckets);
  }

  /** Every flow of every bucket, oldest bucket first. */
  public Stream<Flow> flows() {
    return buckets.stream().flatMap(bucket -> bucket.flows().stream());
  }

  /** The same without the buckets that are still counting. */
  public FlowHistory closedOnly() {
    return new FlowHistory(
        version,
        buckets.stream().filter(bucket -> bucket.start().isBefore(closedUpTo)).toList(),
        closedUpTo);
  }

  /** What changed after a version. */
  public Stream<Flow> changedAfter(long earlier) {
    return flows().filter(flow -> flow.version() > earlier);
  }
}
