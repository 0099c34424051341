package io.margay.policy.convert;

import io.margay.model.manifest.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a policy object.
 *
 * @param policy null if the object asks for nothing to be evaluated
 * @param problems what could not be taken over as written; each of them fails closed
 */
public record ConvertedPolicy(@Nullable Policy policy, List<Problem> problems) {
  public ConvertedPolicy {
    problems = List.copyOf(problems);
  }
}
