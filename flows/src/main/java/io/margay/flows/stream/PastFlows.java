package io.margay.flows.stream;

import io.margay.flows.Flow;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads flows of the past oldest bucket first, at most a thousand at a time. A reader's records
 * come newest first, so time is cut into windows: longer ones where there is little, down to one
 * bucket where there is much.
 */
public final class PastFlows {
  private static final int AT_ONCE = 1_000;

  private final FlowReader reader;
  private final FlowFilter filter;
  private final Instant end;
  private Duration window = BucketTime.LENGTH;

  /** Where the window begins. */
  private Instant next;

  /** Where its next page begins, if it is one bucket with more than a page. */
  private FlowCursor cursor = FlowCursor.NEWEST;

  /**
   * @param from buckets that start then or later
   * @param end buckets that start before it
   */
  public PastFlows(FlowReader reader, FlowFilter filter, Instant from, Instant end) {
    this.reader = reader;
    this.filter = filter;
    Instant bucket = BucketTime.bucketOf(from);
    this.next = bucket.equals(from) ? from : bucket.plus(BucketTime.LENGTH);
    this.end = end;
  }

  /** The next flows, of some windows none; null when all were read. */
  public @Nullable List<Flow> read() {
    while (next.isBefore(end)) {
      Instant to = windowEnd();
      CursorPage<Flow> page = reader.records(new TimeRange(next, to), filter, cursor, AT_ONCE);
      FlowCursor rest = page.next();
      if (rest != null && window.compareTo(BucketTime.LENGTH) > 0) {
        window = BucketTime.LENGTH.multipliedBy(window.dividedBy(BucketTime.LENGTH) / 2);
        continue;
      }
      List<Flow> flows = startingHere(page);
      if (rest != null) {
        cursor = rest;
      } else {
        cursor = FlowCursor.NEWEST;
        next = to;
        window = page.items().size() < AT_ONCE / 4 ? window.multipliedBy(2) : window;
      }
      return flows;
    }
    return null;
  }

  private Instant windowEnd() {
    return window.compareTo(Duration.between(next, end)) < 0 ? next.plus(window) : end;
  }

  /** Old flows are kept in longer buckets: one that starts earlier was told before. */
  private List<Flow> startingHere(CursorPage<Flow> page) {
    Instant start = next;
    return page.items().reversed().stream().filter(flow -> !flow.start().isBefore(start)).toList();
  }
}
