package io.margay.policy.decide;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.EndpointId;
import java.util.List;

/**
 * What one endpoint decided about a connection on its way.
 *
 * @param forwarding whether the endpoint only forwards
 * @param stage the stage that had the last word
 * @param verdict ALLOW or DENY
 * @param trace the decisive steps of all stages, in order
 */
public record PathStep(
    EndpointId endpoint,
    Direction direction,
    boolean forwarding,
    Stage stage,
    Verdict verdict,
    List<Hit> trace) {
  public PathStep {
    trace = List.copyOf(trace);
  }
}
