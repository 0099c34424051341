package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Simple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code &&}, {@code ||} and {@code if}: the expressions whose operands are not all evaluated. An
 * operand that is never evaluated is not checked, and what one operand grants holds in the next.
 */
final class Connectives {
  private final EnvironmentChecker checker;

  Connectives(EnvironmentChecker checker) {
    this.checker = checker;
  }

  private Answer bool(Capabilities prior, Expr expr) {
    return checker.expect(prior, expr, Simple.BOOL, actual -> "");
  }

  /** The operands so far: their type together, what they grant, and the ones that count. */
  private record Chain(Type type, Capabilities granted, boolean ok) {}

  Answer and(Capabilities prior, Expr.And and) {
    List<TypedExpr> parts = new ArrayList<>();
    Chain chain = null;
    for (Expr operand : and.operands()) {
      if (chain != null && chain.type() == Simple.FALSE) {
        break;
      }
      Answer next = bool(chain == null ? prior : prior.union(chain.granted()), operand);
      parts.add(next.typed());
      chain = chain == null ? first(next) : andThen(chain, next);
    }
    return finish(and, parts, chain);
  }

  private static Chain first(Answer answer) {
    Type type = answer.type();
    return type == null
        ? new Chain(Simple.NEVER, Capabilities.NONE, false)
        : new Chain(type, answer.granted(), answer.ok());
  }

  private static Answer finish(Expr expr, List<TypedExpr> parts, @Nullable Chain chain) {
    if (chain == null) {
      throw new IllegalArgumentException("a chain without operands");
    }
    Type type = chain.type() == Simple.NEVER ? Simple.BOOL : chain.type();
    return Answer.success(expr, type, parts, chain.granted()).given(chain.ok());
  }

  private static Chain failed() {
    return new Chain(Simple.BOOL, Capabilities.NONE, false);
  }

  private static Chain andThen(Chain left, Answer right) {
    Type rightType = right.type();
    boolean ok = left.ok() && right.ok();
    if (left.type() == Simple.NEVER || rightType == null) {
      return failed();
    }
    if (rightType == Simple.FALSE) {
      return new Chain(Simple.FALSE, Capabilities.NONE, ok);
    }
    if (!ok) {
      Type type = left.type() == Simple.TRUE ? rightType : Simple.BOOL;
      return new Chain(rightType == Simple.TRUE ? left.type() : type, Capabilities.NONE, false);
    }
    if (rightType == Simple.TRUE) {
      return new Chain(left.type(), left.granted().union(right.granted()), true);
    }
    if (left.type() == Simple.TRUE) {
      // What a left side that is always true grants is known without it.
      return new Chain(rightType, right.granted(), true);
    }
    return new Chain(Simple.BOOL, left.granted().union(right.granted()), true);
  }

  Answer or(Capabilities prior, Expr.Or or) {
    List<TypedExpr> parts = new ArrayList<>();
    Chain chain = null;
    for (Expr operand : or.operands()) {
      if (chain != null && chain.type() == Simple.TRUE) {
        break;
      }
      Answer next = bool(prior, operand);
      parts.add(next.typed());
      chain = chain == null ? first(next) : orElse(chain, next);
    }
    return finish(or, parts, chain);
  }

  private static Chain orElse(Chain left, Answer right) {
    Type rightType = right.type();
    if (left.type() == Simple.NEVER || rightType == null) {
      return failed();
    }
    boolean ok = left.ok() && right.ok();
    if (rightType == Simple.TRUE) {
      return new Chain(Simple.TRUE, granted(ok, right.granted()), ok);
    }
    if (rightType == Simple.FALSE) {
      return new Chain(left.type(), granted(ok, left.granted()), ok);
    }
    if (left.type() == Simple.FALSE) {
      return new Chain(rightType, granted(ok, right.granted()), ok);
    }
    return new Chain(Simple.BOOL, granted(ok, right.granted().intersection(left.granted())), ok);
  }

  private static Capabilities granted(boolean ok, Capabilities capabilities) {
    return ok ? capabilities : Capabilities.NONE;
  }

  Answer choice(Capabilities prior, Expr.If choice) {
    Answer test = bool(prior, choice.condition());
    Capabilities inThen = prior.union(test.granted());
    if (test.type() == Simple.TRUE) {
      Answer then = checker.check(inThen, choice.then());
      return only(choice, test, then, then.granted().union(test.granted()));
    }
    if (test.type() == Simple.FALSE) {
      Answer otherwise = checker.check(prior, choice.otherwise());
      return only(choice, test, otherwise, otherwise.granted());
    }
    Answer then = checker.check(inThen, choice.then());
    Answer otherwise = checker.check(prior, choice.otherwise());
    List<TypedExpr> branches = List.of(then.typed(), otherwise.typed());
    Type bound = checker.boundOrReport(choice, branches, "both branches of an if");
    List<TypedExpr> parts = List.of(test.typed(), then.typed(), otherwise.typed());
    if (bound == null) {
      return Answer.failure(choice, null, parts);
    }
    Capabilities granted = otherwise.granted().intersection(then.granted().union(test.granted()));
    return Answer.success(choice, bound, parts, granted)
        .given(test.ok() && then.ok() && otherwise.ok());
  }

  /** An if whose condition is known: the other branch is never evaluated. */
  private static Answer only(Expr.If choice, Answer test, Answer branch, Capabilities granted) {
    List<TypedExpr> parts = List.of(test.typed(), branch.typed(), branch.typed());
    Type type = branch.type();
    return type == null
        ? Answer.failure(choice, null, parts)
        : Answer.success(choice, type, parts, granted).given(test.ok() && branch.ok());
  }
}
