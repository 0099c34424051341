package io.margay.flows.query;

import io.margay.flows.history.BucketTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks what policies did.
 *
 * @param match which policies, and of their hits those with the action; null for all
 * @param step of a time series, a multiple of a bucket's length; zero for totals. Steps begin at
 *     multiples of their length from the epoch; rolled-up flows count in the step of their start
 */
public record StatisticsQuery(
    TimeRange range,
    StatisticType type,
    StatisticsGroup group,
    @Nullable PolicyMatch match,
    Duration step) {

  public StatisticsQuery {
    if (step.isNegative() || step.toMillis() % BucketTime.LENGTH.toMillis() != 0) {
      throw new IllegalArgumentException(
          "a step of " + step + " is not a multiple of 15 seconds: write one, or 0 for totals");
    }
  }

  public static StatisticsQuery totals(TimeRange range, StatisticType type, StatisticsGroup group) {
    return new StatisticsQuery(range, type, group, null, Duration.ZERO);
  }

  public boolean isSeries() {
    return !step.isZero();
  }

  /** The start of the step that holds a moment; 0 for totals. */
  public long stepOf(long second) {
    return isSeries() ? Math.floorDiv(second, step.toSeconds()) * step.toSeconds() : 0;
  }
}
