package io.margay.console.status;

import io.margay.console.telemetry.LatencyHistogram;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node told of itself.
 *
 * @param programming how long changes took to reach the kernel; null if it told nothing of that
 * @param tables sizes by name
 * @param dropped counts by reason
 */
public record NodeReport(
    String name,
    String version,
    String dataplane,
    Instant lastSeen,
    @Nullable Programming programming,
    Map<String, Long> tables,
    Map<String, Long> dropped) {
  public NodeReport {
    tables = Map.copyOf(tables);
    dropped = Map.copyOf(dropped);
  }

  /**
   * How changes were programmed, since the node's start.
   *
   * @param failures changes that the dataplane refused, and that are tried again
   */
  public record Programming(
      long changes,
      long failures,
      double p50Millis,
      double p99Millis,
      double lastMillis,
      LatencyHistogram times) {}
}
