package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.FactSet;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * In which policies and profiles two editions of a chain differ, and so for which addresses: what
 * meets the same rules in the same order has the same table.
 */
final class ChainDifference {
  private final Direction direction;

  /** Whether even what a packet meets of which nothing is known differs. */
  private boolean everywhere;

  /** One fact of each differing rule without which it cannot match. */
  private final IntSet needed = new IntOpenHashSet();

  /** Compares two chains of one identity: the same policies by name, and in the same order. */
  ChainDifference(Chain before, Chain after) {
    this.direction = after.direction();
    this.everywhere =
        before.staged() != after.staged() || !before.steps().equals(after.steps());
    compare(policies(before), policies(after), policy -> policy.rules(direction));
    compare(
        before.spec().profiles(), after.spec().profiles(), profile -> profile.rules(direction));
  }

  private static List<CompiledPolicy> policies(Chain chain) {
    List<CompiledPolicy> policies = new ArrayList<>();
    chain.spec().tiers().forEach(tier -> policies.addAll(tier.policies()));
    return policies;
  }

  private <R> void compare(List<R> before, List<R> after, Function<R, List<CompiledRule>> rules) {
    if (before.size() != after.size()) {
      everywhere = true;
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i) != after.get(i)) {
        note(rules.apply(before.get(i)));
        note(rules.apply(after.get(i)));
      }
    }
  }

  private void note(List<CompiledRule> differing) {
    for (CompiledRule rule : differing) {
      int[] must = rule.remote(direction).must();
      if (must.length == 0) {
        everywhere = true;
      } else {
        needed.add(must[0]);
      }
    }
  }

  /** Whether addresses may be judged otherwise of which this is true. */
  boolean matters(FactSet facts) {
    if (everywhere) {
      return true;
    }
    for (int i = 0; i < facts.size(); i++) {
      if (needed.contains(facts.get(i))) {
        return true;
      }
    }
    return false;
  }
}
