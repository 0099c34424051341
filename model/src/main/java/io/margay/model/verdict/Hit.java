package io.margay.model.verdict;

import io.margay.model.resource.RuleAction;
import org.jspecify.annotations.Nullable;

/**
 * One decisive step of an evaluation: a rule that allowed, denied or passed, or the default action
 * of a tier, or of the profiles.
 *
 * @param kind what decided
 * @param tier the tier's name; {@value #PROFILE_TIER} for profiles
 * @param namespace empty for cluster-wide kinds and for ends of tiers
 * @param name empty for ends of tiers
 * @param ruleIndex the rule's position in its policy, from 0 and counting every rule of that
 *     direction as the API object lists them; -1 for a default action
 * @param action Allow, Deny or Pass
 * @param trigger for the end of a tier: the first policy of the tier that selected the endpoint,
 *     which is why the default action applies; null otherwise
 */
public record Hit(
    PolicyKind kind,
    String tier,
    String namespace,
    String name,
    int ruleIndex,
    RuleAction action,
    @Nullable PolicyRef trigger) {
  /** The tier under which profiles are filed. */
  public static final String PROFILE_TIER = "__PROFILE__";

  public static Hit rule(PolicyRef policy, int ruleIndex, RuleAction action) {
    return new Hit(
        policy.kind(), policy.tier(), policy.namespace(), policy.name(), ruleIndex, action, null);
  }

  public static Hit endOfTier(String tier, RuleAction action, PolicyRef trigger) {
    return new Hit(PolicyKind.END_OF_TIER, tier, "", "", -1, action, trigger);
  }

  /** A failsafe port, by its position in the configured list. */
  public static Hit failsafe(int index) {
    return new Hit(PolicyKind.FAILSAFE, "", "", "", index, RuleAction.ALLOW, null);
  }

  public static Hit endOfProfiles() {
    return new Hit(PolicyKind.END_OF_PROFILES, PROFILE_TIER, "", "", -1, RuleAction.DENY, null);
  }
}
