package io.margay.cedar.kernel;

import io.margay.cedar.ast.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A condition as far as a kernel can see it.
 *
 * <p>{@link #lower} holds only where the condition surely does: a permit may use it. {@link #upper}
 * holds wherever the condition may: a forbid must use it. The two are the same where nothing in the
 * condition is unknown.
 */
sealed interface Formula {
  Formula TRUE = new Constant(true);
  Formula FALSE = new Constant(false);

  record Constant(boolean value) implements Formula {}

  record Test(Match match) implements Formula {}

  record Not(Formula operand) implements Formula {}

  record And(List<Formula> operands) implements Formula {}

  /** Operands in the order in which Cedar evaluates them. */
  record Or(List<Formula> operands) implements Formula {}

  record If(Formula test, Formula then, Formula otherwise) implements Formula {}

  /** Depends on the principal alone: known when it starts. In reports, which have no principal. */
  record AtLaunch() implements Formula {}

  /**
   * What a kernel cannot see.
   *
   * @param mayFail whether Cedar may fail to evaluate it, which satisfies neither it nor its
   *     opposite
   */
  record Unknown(String reason, Span span, boolean mayFail) implements Formula {}

  /** True where Cedar surely evaluates it without an error. */
  default boolean isErrorFree() {
    return switch (this) {
      case Constant _, Test _, AtLaunch _ -> true;
      case Unknown unknown -> !unknown.mayFail();
      case Not(Formula operand) -> operand.isErrorFree();
      case And(List<Formula> operands) -> operands.stream().allMatch(Formula::isErrorFree);
      case Or(List<Formula> operands) -> operands.stream().allMatch(Formula::isErrorFree);
      case If(Formula test, Formula then, Formula otherwise) ->
          test.isErrorFree() && then.isErrorFree() && otherwise.isErrorFree();
    };
  }

  /** Holds only where the condition is surely true; has no unknowns. */
  default Formula lower() {
    return switch (this) {
      case Constant _, Test _ -> this;
      case Unknown _ -> FALSE;
      case AtLaunch _ -> throw unfit();
      // The opposite of what may fail may fail, too.
      case Not(Formula operand) -> operand.isErrorFree() ? new Not(operand.upper()) : FALSE;
      case And(List<Formula> operands) -> new And(operands.stream().map(Formula::lower).toList());
      case Or(List<Formula> operands) ->
          new Or(sureOperands(operands).stream().map(Formula::lower).toList());
      case If(Formula test, Formula then, Formula otherwise) ->
          test.isErrorFree()
              ? new Or(
                  List.of(
                      new And(List.of(test.lower(), then.lower())),
                      new And(List.of(new Not(test.upper()), otherwise.lower())),
                      new And(List.of(then.lower(), otherwise.lower()))))
              : FALSE;
    };
  }

  private static IllegalStateException unfit() {
    return new IllegalStateException("a report without a principal is no program");
  }

  /** True where no access can be seen to satisfy it: something in it is unknown and must hold. */
  default boolean isNeverSure() {
    return switch (this) {
      case Unknown _ -> true;
      case And(List<Formula> operands) -> operands.stream().anyMatch(Formula::isNeverSure);
      case Or(List<Formula> operands) ->
          sureOperands(operands).stream().allMatch(Formula::isNeverSure);
      case Not(Formula operand) -> operand instanceof Unknown || !operand.isErrorFree();
      case Constant _, Test _, AtLaunch _, If _ -> false;
    };
  }

  /** What keeps it from being exact, once each, in the order written. */
  default Set<Unknown> unknowns() {
    Set<Unknown> found = new LinkedHashSet<>();
    switch (this) {
      case Unknown unknown -> found.add(unknown);
      case Constant _, Test _, AtLaunch _ -> {}
      case Not(Formula operand) -> found.addAll(operand.unknowns());
      case And(List<Formula> operands) -> operands.forEach(o -> found.addAll(o.unknowns()));
      case Or(List<Formula> operands) -> operands.forEach(o -> found.addAll(o.unknowns()));
      case If(Formula test, Formula then, Formula otherwise) ->
          List.of(test, then, otherwise).forEach(o -> found.addAll(o.unknowns()));
    }
    return found;
  }

  /** An alternative counts only if those before it cannot fail: they are evaluated first. */
  private static List<Formula> sureOperands(List<Formula> operands) {
    List<Formula> sure = new ArrayList<>();
    for (Formula operand : operands) {
      sure.add(operand);
      if (!operand.isErrorFree()) {
        break;
      }
    }
    return sure;
  }

  /** Holds wherever the condition may be true; has no unknowns. */
  default Formula upper() {
    return switch (this) {
      case Constant _, Test _ -> this;
      case Unknown _ -> TRUE;
      case AtLaunch _ -> throw unfit();
      case Not(Formula operand) -> new Not(operand.lower());
      case And(List<Formula> operands) -> new And(operands.stream().map(Formula::upper).toList());
      case Or(List<Formula> operands) -> new Or(operands.stream().map(Formula::upper).toList());
      case If(Formula test, Formula then, Formula otherwise) ->
          new Or(
              List.of(
                  new And(List.of(test.upper(), then.upper())),
                  new And(List.of(new Not(test.lower()), otherwise.upper()))));
    };
  }
}
