package io.margay.cedar.partial;

import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.eval.Decision.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What is decided about a request of which not everything is known.
 *
 * @param verdict what every request that fits gets; empty when they may get different ones
 * @param satisfied policies that are satisfied whatever the unknown parts are
 * @param inError policies that are in error whatever the unknown parts are
 * @param residual what is left of the policies: decides every request that fits as the whole set
 *     does, with the same reasons and the same policies in error. Policies that cannot be satisfied
 *     are gone
 */
public record PartialDecision(
    Optional<Verdict> verdict, List<String> satisfied, List<String> inError, PolicySet residual) {
  public PartialDecision {
    satisfied = List.copyOf(satisfied);
    inError = List.copyOf(inError);
  }
}
