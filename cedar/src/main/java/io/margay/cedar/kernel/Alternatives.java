package io.margay.cedar.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings a formula without unknowns into alternatives of tests: the form that rules have. */
final class Alternatives {
  /** More alternatives than this are not rules that anybody can read, or a kernel should search. */
  private static final int MOST = 256;

  /** Tests that hold and tests that do not, all together. */
  record Alternative(Set<Match> all, Set<Match> none) {
    static final Alternative ANYTHING = new Alternative(Set.of(), Set.of());

    Alternative and(Alternative other) {
      Set<Match> both = new LinkedHashSet<>(all);
      both.addAll(other.all);
      Set<Match> neither = new LinkedHashSet<>(none);
      neither.addAll(other.none);
      return new Alternative(both, neither);
    }

    /** False where two tests exclude each other on sight. */
    boolean isPossible() {
      long paths = all.stream().filter(Match.PathIs.class::isInstance).count();
      return paths <= 1 && all.stream().noneMatch(none::contains);
    }
  }

  private Alternatives() {}

  /** The alternatives; empty where there would be too many. */
  static Optional<List<Alternative>> of(Formula formula) {
    return of(formula, true);
  }

  private static Optional<List<Alternative>> of(Formula formula, boolean positive) {
    return switch (formula) {
      case Formula.Constant(boolean value) ->
          Optional.of(value == positive ? List.of(Alternative.ANYTHING) : List.of());
      case Formula.Test(Match match) ->
          Optional.of(
              List.of(
                  positive
                      ? new Alternative(Set.of(match), Set.of())
                      : new Alternative(Set.of(), Set.of(match))));
      case Formula.Not(Formula operand) -> of(operand, !positive);
      case Formula.And(List<Formula> operands) ->
          positive ? product(operands, true) : sum(operands, false);
      case Formula.Or(List<Formula> operands) ->
          positive ? sum(operands, true) : product(operands, false);
      case Formula.If _, Formula.AtLaunch _, Formula.Unknown _ ->
          throw new IllegalArgumentException("bounds have no " + formula);
    };
  }

  private static Optional<List<Alternative>> sum(List<Formula> operands, boolean positive) {
    Set<Alternative> all = new LinkedHashSet<>();
    for (Formula operand : operands) {
      Optional<List<Alternative>> some = of(operand, positive);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(some.get());
    }
    return bounded(all);
  }

  private static Optional<List<Alternative>> product(List<Formula> operands, boolean positive) {
    Set<Alternative> all = new LinkedHashSet<>(List.of(Alternative.ANYTHING));
    for (Formula operand : operands) {
      Optional<List<Alternative>> some = of(operand, positive);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      Set<Alternative> next = new LinkedHashSet<>();
      for (Alternative left : all) {
        for (Alternative right : some.get()) {
          Alternative both = left.and(right);
          if (both.isPossible()) {
            next.add(both);
          }
        }
      }
      if (next.size() > MOST) {
        return Optional.empty();
      }
      all = next;
    }
    return bounded(all);
  }

  private static Optional<List<Alternative>> bounded(Set<Alternative> all) {
    return all.size() > MOST ? Optional.empty() : Optional.of(new ArrayList<>(all));
  }
}
