package io.margay.flows.history;

import java.time.Duration;
import java.time.Instant;

/** How time is cut into buckets: every 15 seconds from the epoch, as Goldmane does. */
public final class BucketTime {
  private static final long SECONDS = 15;

  /** The length of a bucket. */
  public static final Duration LENGTH = Duration.ofSeconds(SECONDS);

  private BucketTime() {}

  /** The start of the bucket that holds this moment. */
  public static Instant bucketOf(Instant at) {
    return Instant.ofEpochSecond(secondOf(at));
  }

  /** The start of the bucket that holds this moment, in epoch seconds. */
  static long secondOf(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SECONDS) * SECONDS;
  }
}
