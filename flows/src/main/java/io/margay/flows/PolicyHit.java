package io.margay.flows;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a trace as flow records tell it.
 *
 * @param kind Goldmane's name of the kind
 * @param tier empty for profiles
 * @param namespace empty for cluster-wide kinds and for ends of tiers
 * @param name empty for an end of tier, and where no profile decided
 * @param policyIndex the step's position in its trace, from 0
 * @param ruleIndex -1 for a default action
 * @param trigger for the end of a tier: the policy because of which it counts
 */
public record PolicyHit(
    String kind,
    String tier,
    String namespace,
    String name,
    RuleAction action,
    int policyIndex,
    int ruleIndex,
    @Nullable PolicyRef trigger) {

  /** The hits of a trace, in its order. */
  public static List<PolicyHit> of(List<Hit> trace) {
    List<PolicyHit> hits = new ArrayList<>(trace.size());
    for (Hit hit : trace) {
      hits.add(of(hit, hits.size()));
    }
    return List.copyOf(hits);
  }

  private static PolicyHit of(Hit hit, int index) {
    return new PolicyHit(
        kindName(hit.kind()),
        hit.tier().equals(Hit.PROFILE_TIER) ? "" : hit.tier(),
        hit.namespace(),
        hit.name(),
        hit.action(),
        index,
        hit.ruleIndex(),
        hit.trigger());
  }

  /** Goldmane knows neither failsafes nor an end of the profiles: both are told as profiles. */
  private static String kindName(PolicyKind kind) {
    return switch (kind) {
      case FAILSAFE, END_OF_PROFILES -> PolicyKind.PROFILE.goldmaneName();
      case CALICO_NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY,
          NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          PROFILE,
          END_OF_TIER ->
          kind.goldmaneName();
    };
  }

  /** Whether a profile decided, or none did. */
  public boolean isProfile() {
    return kind.equals(PolicyKind.PROFILE.goldmaneName());
  }
}
