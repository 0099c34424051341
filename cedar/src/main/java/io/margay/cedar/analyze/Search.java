package io.margay.cedar.analyze;

import io.margay.cedar.analyze.Node.Truth;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Looks for an assignment of truths to tests for which a goal holds. Where none exists, no request
 * reaches the goal: that is a proof. Where one exists, it may still be that no request has it.
 */
final class Search {
  /** What came of a search. */
  enum Result {
    IMPOSSIBLE,
    POSSIBLE,
    GIVEN_UP
  }

  private final Atoms atoms;
  private final List<Integer> order;
  private final Function<Truth[], Truth> goal;
  private int stepsLeft;

  private Search(Atoms atoms, List<Integer> order, Function<Truth[], Truth> goal, int steps) {
    this.atoms = atoms;
    this.order = order;
    this.goal = goal;
    this.stepsLeft = steps;
  }

  /**
   * @param order the tests that the goal depends on, in the order in which to try them
   * @param goal what these tests decide; {@code OPEN} until they do
   * @param steps how many assignments to try before giving up
   */
  static Result of(
      Atoms atoms, Collection<Integer> order, Function<Truth[], Truth> goal, int steps) {
    Truth[] truths = new Truth[atoms.size()];
    Arrays.fill(truths, Truth.OPEN);
    return new Search(atoms, List.copyOf(order), goal, steps).from(truths, 0);
  }

  private Result from(Truth[] truths, int tried) {
    if (stepsLeft-- <= 0) {
      return Result.GIVEN_UP;
    }
    switch (goal.apply(truths)) {
      case TRUE -> {
        return Result.POSSIBLE;
      }
      case FALSE, ERROR -> {
        return Result.IMPOSSIBLE;
      }
      case OPEN -> {}
    }
    if (tried == order.size()) {
      throw new IllegalStateException("the goal depends on other tests, too");
    }
    int next = order.get(tried);
    for (Truth truth : new Truth[] {Truth.TRUE, Truth.FALSE, Truth.ERROR}) {
      if (truth == Truth.ERROR && !atoms.mayFail(next)) {
        continue;
      }
      truths[next] = truth;
      if (atoms.areConsistent(truths, next)) {
        Result found = from(truths, tried + 1);
        if (found != Result.IMPOSSIBLE) {
          truths[next] = Truth.OPEN;
          return found;
        }
      }
    }
    truths[next] = Truth.OPEN;
    return Result.IMPOSSIBLE;
  }
}
