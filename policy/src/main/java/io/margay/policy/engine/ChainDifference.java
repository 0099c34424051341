package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.FactSet;
import io.margay.policy.engine.Chain.Part;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.List;
import java.util.Objects;

/**
 * In which policies and profiles two editions of a chain differ, and so for which addresses: what
 * meets the same rules in the same order has the same table.
 */
final class ChainDifference {
  /** Whether even that differs what becomes of addresses of which nothing is known. */
  private boolean everywhere;

  /** One fact of each differing rule without which it cannot match. */
  private final IntSet needed = new IntOpenHashSet();

  /**
   * Compares two editions, the same policies by name and in the same order.
   *
   * @param index of the rules of the first, then of those of the second
   */
  ChainDifference(Chain before, Chain after, RuleIndex index) {
    this.everywhere = before.staged() != after.staged() || !before.steps().equals(after.steps());
    List<Part> old = before.parts();
    List<Part> now = after.parts();
    for (int i = 0; i < Math.max(old.size(), now.size()); i++) {
      Part gone = i < old.size() ? old.get(i) : null;
      Part come = i < now.size() ? now.get(i) : null;
      if (Objects.equals(gone, come)) {
        continue;
      }
      if (gone != null) {
        note(gone.rules(), after.direction());
        index.remove(i, gone.rules());
      }
      if (come != null) {
        note(come.rules(), after.direction());
        index.add(i, come.rules());
      }
    }
  }

  private void note(CompiledRules differing, Direction direction) {
    for (int i = 0; i < differing.size(); i++) {
      int[] must = differing.get(i).remote(direction).must();
      if (must.length == 0) {
        everywhere = true;
      } else {
        needed.add(must[0]);
      }
    }
  }

  /** Whether addresses of which this is true may be judged otherwise. */
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
