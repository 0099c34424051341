package io.margay.flows.archive;

import io.margay.flows.history.BucketTime;
import java.time.Instant;

/** Buckets as numbers: how many there were since the epoch. They fit an int for ages. */
final class Buckets {
  static final int SECONDS = (int) BucketTime.LENGTH.toSeconds();
  static final int IN_HOUR = 3600 / SECONDS;

  private Buckets() {}

  static int of(Instant at) {
    return Math.toIntExact(Math.floorDiv(at.getEpochSecond(), SECONDS));
  }

  static long second(int bucket) {
    return (long) bucket * SECONDS;
  }

  static Instant start(int bucket) {
    return Instant.ofEpochSecond(second(bucket));
  }
}
