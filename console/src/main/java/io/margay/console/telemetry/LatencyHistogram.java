package io.margay.console.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/**
 * How often something took how long, at one moment.
 *
 * @param buckets by ascending limits, the last one infinite; none where nothing is known
 * @param totalSeconds of all together
 */
public record LatencyHistogram(List<Bucket> buckets, double totalSeconds) {
  /** Of somebody who told none. */
  public static final LatencyHistogram UNKNOWN = new LatencyHistogram(List.of(), 0);

  public LatencyHistogram {
    buckets = List.copyOf(buckets);
  }

  /** How often it took longer than the limit of the bucket before, and at most this one. */
  public record Bucket(double upToSeconds, long count) {}

  /** For Prometheus. */
  public HistogramDataPointSnapshot snapshot(Labels labels) {
    ClassicHistogramBuckets.Builder classic = ClassicHistogramBuckets.builder();
    buckets.forEach(bucket -> classic.bucket(bucket.upToSeconds(), bucket.count()));
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(classic.build())
        .sum(totalSeconds)
        .labels(labels)
        .build();
  }
}
