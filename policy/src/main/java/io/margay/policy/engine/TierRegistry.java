package io.margay.policy.engine;

import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tiers and their order. The built-in ones exist unless somebody overrides them. */
final class TierRegistry {
  private final Map<String, Tier> tiers = new HashMap<>();

  TierRegistry() {
    Tier.builtIn().forEach(tier -> tiers.put(tier.metadata().name(), tier));
  }

  void put(Tier tier) {
    tiers.put(tier.metadata().name(), tier);
  }

  void remove(String name) {
    tiers.remove(name);
    for (Tier tier : Tier.builtIn()) {
      if (tier.metadata().name().equals(name)) {
        tiers.put(name, tier);
      }
    }
  }

  @Nullable Tier get(String name) {
    return tiers.get(name);
  }

  /** A missing tier denies, so that its policies do not open what they were to restrict. */
  RuleAction defaultAction(String name) {
    Tier tier = tiers.get(name);
    return tier == null ? RuleAction.DENY : tier.spec().defaultAction();
  }

  /** Ascending by order, those without one behind, missing tiers last; equal ones by name. */
  Comparator<String> order() {
    return Comparator.<String>comparingInt(name -> tiers.containsKey(name) ? 0 : 1)
        .thenComparingDouble(name -> {
          Tier tier = tiers.get(name);
          Double order = tier == null ? null : tier.spec().order();
          return order == null ? Double.POSITIVE_INFINITY : order;
        })
        .thenComparing(Comparator.naturalOrder());
  }
}
