package io.margay.policy.decide;

import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict for a whole path, as it is enforced and as it would be with staged policies.
 *
 * @param packet the first packet, by which the connection was decided
 */
public record PathDecision(Packet packet, Path enforced, Path pending) {

  /**
   * One evaluation of the path.
   *
   * @param steps what was decided on the way, up to the first denial
   */
  public record Path(Verdict verdict, List<PathStep> steps) {
    public Path {
      steps = List.copyOf(steps);
    }

    /** The steps at the source (egress) or destination (ingress); null if nobody decided there. */
    public @Nullable List<Hit> trace(Direction direction) {
      for (PathStep step : steps) {
        if (step.direction() == direction && !step.forwarding()) {
          return step.trace();
        }
      }
      return null;
    }

    /** What the forwarding host endpoints decided, as far as the connection came. */
    public List<PathStep> via() {
      return steps.stream().filter(PathStep::forwarding).toList();
    }
  }
}
