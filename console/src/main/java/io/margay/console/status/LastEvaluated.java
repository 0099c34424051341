package io.margay.console.status;

import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When policies were last used. The first question reads the whole history, later ones what came
 * since. Thread-safe.
 */
final class LastEvaluated {
  /** Updates may come so much later than what they tell of. */
  private static final Duration LATE = Duration.ofHours(1);

  private final FlowReader reader;
  private final Map<PolicyName, Instant> last = new HashMap<>();
  private Instant from = Instant.MIN;

  LastEvaluated(FlowReader reader) {
    this.reader = reader;
  }

  synchronized Map<PolicyName, Instant> at(Instant now) {
    reader
        .policyActivity(new TimeRange(from, now.plusSeconds(1)))
        .forEach(activity ->
            last.merge(
                activity.policy(),
                activity.lastUsed(),
                (one, other) -> one.isAfter(other) ? one : other));
    from = now.minus(LATE);
    return Map.copyOf(last);
  }
}
