package io.margay.policy.engine;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyRef;
import java.util.List;

/**
 * A tier as one endpoint sees it.
 *
 * @param policies those that govern the endpoint, in the order of evaluation, staged ones among
 *     them
 */
public record GoverningTier(String name, RuleAction defaultAction, List<PolicyRef> policies) {
  public GoverningTier {
    policies = List.copyOf(policies);
  }
}
