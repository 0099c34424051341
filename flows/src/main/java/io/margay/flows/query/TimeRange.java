package io.margay.flows.query;

import io.margay.flows.history.FlowBucket;
import java.time.Instant;

/** The time about which is asked: buckets that overlap it count, from inclusive. */
public record TimeRange(Instant from, Instant to) {
  public static final TimeRange ALWAYS = new TimeRange(Instant.MIN, Instant.MAX);

  public TimeRange {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "the time range is empty: its start must be before its end");
    }
  }

  /**
   * Reads times as Goldmane's API has them.
   *
   * @param startGte epoch seconds if positive, relative to now if negative, 0 for the oldest
   * @param startLt likewise, 0 for now
   * @throws IllegalArgumentException if the start is not before the end
   */
  public static TimeRange of(long startGte, long startLt, Instant now) {
    return new TimeRange(
        startGte == 0 ? Instant.MIN : moment(startGte, now),
        startLt == 0 ? Instant.MAX : moment(startLt, now));
  }

  private static Instant moment(long seconds, Instant now) {
    long limit = Instant.MAX.getEpochSecond() / 2;
    if (seconds > limit || seconds < -limit) {
      throw new IllegalArgumentException(
          "time " + seconds + " is out of range, write epoch seconds or seconds before now");
    }
    return seconds > 0 ? Instant.ofEpochSecond(seconds) : now.plusSeconds(seconds);
  }

  boolean covers(FlowBucket bucket) {
    return covers(bucket.start(), bucket.end());
  }

  /** Whether it overlaps the time between two moments. */
  public boolean covers(Instant start, Instant end) {
    return end.isAfter(from) && start.isBefore(to);
  }

  /** The start in epoch seconds, or this where the range has none. */
  public long fromSecondOr(long open) {
    return from.equals(Instant.MIN) ? open : from.getEpochSecond();
  }

  /** The end in epoch seconds, rounded up, or this where the range has none. */
  public long toSecondOr(long open) {
    return to.equals(Instant.MAX) ? open : to.plusNanos(999_999_999).getEpochSecond();
  }
}
