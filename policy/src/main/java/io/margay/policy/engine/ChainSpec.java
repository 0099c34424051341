package io.margay.policy.engine;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.address.ContentHash;
import java.util.List;

/**
 * What judges an endpoint in one direction and stage, in order: equal for all endpoints that are
 * judged by the same policies. Policies and profiles are equal only if they are the same compiled
 * object, so a changed policy makes another chain.
 *
 * @param host whether the endpoint is a host's, so that failsafes apply
 */
record ChainSpec(
    Direction direction,
    Stage stage,
    boolean host,
    List<TierPart> tiers,
    List<CompiledProfile> profiles) {
  ChainSpec {
    tiers = List.copyOf(tiers);
    profiles = List.copyOf(profiles);
  }

  /** The policies of one tier that govern the endpoint; never empty. */
  record TierPart(String name, RuleAction defaultAction, List<CompiledPolicy> policies) {
    TierPart {
      policies = List.copyOf(policies);
    }
  }

  /** The same in every process, and for every edition of the same policies. */
  long identity() {
    ContentHash hash =
        new ContentHash("chain").add(direction.name()).add(stage.name()).add(host ? 1 : 0);
    for (TierPart tier : tiers) {
      hash.add(tier.name);
      for (CompiledPolicy policy : tier.policies) {
        hash.add(policy.policy().ref().kind().name())
            .add(policy.policy().ref().namespace())
            .add(policy.policy().ref().name());
      }
    }
    profiles.forEach(profile -> hash.add(profile.name()));
    return hash.value();
  }
}
