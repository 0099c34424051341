package io.margay.console.policies;

import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyActivity.RuleUse;
import io.margay.model.verdict.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a policy and each of its rules was last used.
 *
 * @param lastUsed in any generation; null if the history knows of no use
 * @param rules all that the policy has now, in their order
 */
record PolicyUse(TierListing.Policy policy, @Nullable Instant lastUsed, List<Rule> rules) {

  /**
   * A rule of the policy as it is now. What a rule of this number did before the policy was changed
   * counts, too: who wants to know of this generation only asks {@link #inThisGeneration}.
   */
  record Rule(Direction direction, int index, @Nullable Instant lastUsed) {}

  /**
   * @param activity null for none
   */
  static PolicyUse of(TierListing.Policy policy, @Nullable PolicyActivity activity) {
    List<RuleUse> uses = activity == null ? List.of() : activity.rules();
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < policy.ingressRules(); i++) {
      rules.add(rule(Direction.INGRESS, i, uses));
    }
    for (int i = 0; i < policy.egressRules(); i++) {
      rules.add(rule(Direction.EGRESS, i, uses));
    }
    return new PolicyUse(policy, activity == null ? null : activity.lastUsed(), rules);
  }

  private static Rule rule(Direction direction, int index, List<RuleUse> uses) {
    Instant last = null;
    for (RuleUse use : uses) {
      boolean same = use.rule().direction() == direction && use.rule().index() == index;
      if (same && (last == null || use.lastUsed().isAfter(last))) {
        last = use.lastUsed();
      }
    }
    return new Rule(direction, index, last);
  }

  /** Whether that time is after the last change of the spec; null where nobody knows. */
  @Nullable Boolean inThisGeneration(@Nullable Instant lastUsed) {
    Instant changed = policy.age().changed();
    if (lastUsed == null) {
      return false;
    }
    return changed == null ? null : Boolean.valueOf(lastUsed.isAfter(changed));
  }
}
