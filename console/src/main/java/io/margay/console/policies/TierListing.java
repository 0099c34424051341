package io.margay.console.policies;

import io.margay.model.resource.PolicyType;
import io.margay.model.resource.RuleAction;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tier and its policies in evaluation order.
 *
 * @param order null sorts last
 * @param missing whether policies name the tier but nobody made it
 */
public record TierListing(
    String name,
    @Nullable Double order,
    RuleAction defaultAction,
    boolean missing,
    List<Policy> policies) {
  public TierListing {
    policies = List.copyOf(policies);
  }

  /**
   * A policy of the tier.
   *
   * @param kind as flow records name it
   * @param namespace empty for cluster-wide kinds
   * @param order null sorts last
   * @param owner who answers for it; empty if nobody is named
   */
  public record Policy(
      String kind,
      String namespace,
      String name,
      @Nullable Double order,
      boolean staged,
      List<PolicyType> types,
      int ingressRules,
      int egressRules,
      String resourceVersion,
      Map<String, String> labels,
      String owner,
      PolicyAge age) {
    public Policy {
      types = List.copyOf(types);
      labels = Map.copyOf(labels);
    }
  }
}
