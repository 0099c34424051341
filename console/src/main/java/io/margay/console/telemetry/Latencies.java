package io.margay.console.telemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long something takes, in buckets from a tenth of a millisecond to ten seconds. */
public final class Latencies {
  private static final double[] LIMITS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final AtomicLongArray counts = new AtomicLongArray(LIMITS.length + 1);
  private final LongAdder nanos = new LongAdder();
  private volatile double lastMillis;

  public void record(Duration took) {
    double seconds = took.toNanos() / 1e9;
    int bucket = 0;
    while (bucket < LIMITS.length && seconds > LIMITS[bucket]) {
      bucket++;
    }
    counts.incrementAndGet(bucket);
    nanos.add(took.toNanos());
    lastMillis = took.toNanos() / 1e6;
  }

  public long count() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  public double lastMillis() {
    return lastMillis;
  }

  /**
   * The upper limit of the bucket in which a quantile lies; 0 if there is nothing yet.
   *
   * @param quantile from 0 to 1
   */
  public double quantileMillis(double quantile) {
    long rank = (long) Math.ceil(quantile * count());
    long seen = 0;
    for (int i = 0; i < counts.length() && rank > 0; i++) {
      seen += counts.get(i);
      if (seen >= rank) {
        return LIMITS[Math.min(i, LIMITS.length - 1)] * 1_000;
      }
    }
    return 0;
  }

  /** As it is now. */
  public LatencyHistogram histogram() {
    List<LatencyHistogram.Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < counts.length(); i++) {
      buckets.add(
          new LatencyHistogram.Bucket(
              i < LIMITS.length ? LIMITS[i] : Double.POSITIVE_INFINITY, counts.get(i)));
    }
    return new LatencyHistogram(buckets, nanos.sum() / 1e9);
  }
}
