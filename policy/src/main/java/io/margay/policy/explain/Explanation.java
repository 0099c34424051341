package io.margay.policy.explain;

import io.margay.policy.decide.PathDecision;
import java.util.List;

/**
 * Why a connection is allowed or denied.
 *
 * @param flip what has to be changed, all of it, to turn the enforced verdict; empty where no such
 *     change is known
 */
public record Explanation(PathDecision decision, List<Change> flip) {
  public Explanation {
    flip = List.copyOf(flip);
  }
}
