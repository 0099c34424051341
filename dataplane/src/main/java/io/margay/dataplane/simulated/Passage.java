package io.margay.dataplane.simulated;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.EndpointId;
import java.util.List;

/**
 * What became of a packet on one node.
 *
 * @param allowed whether the node let it through
 * @param steps the endpoints that judged it, in order; the last one is the reason when it was
 *     denied, and there is none when it was dropped because nobody knows its interface
 */
public record Passage(boolean allowed, List<Step> steps) {
  public Passage {
    steps = List.copyOf(steps);
  }

  /** An endpoint's judgement. */
  public record Step(EndpointId endpoint, Direction direction, Stage stage, Outcome outcome) {}
}
