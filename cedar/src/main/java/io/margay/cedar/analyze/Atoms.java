package io.margay.cedar.analyze;

import io.margay.cedar.analyze.Node.Truth;
import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.eval.LikeMatcher;
import io.margay.cedar.schema.Type;
import io.margay.cedar.validate.PolicyWalk;
import io.margay.cedar.validate.TypedExpr;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tests of several policies, each once, and what is known about them together: a term has one
 * value, so it cannot equal two, nor lie outside of the bounds that were found for it. Other
 * relations between tests are not known, which may hide that they exclude each other.
 */
final class Atoms {
  /** A test, and the term and literal that it compares where it does. */
  private record Test(Expr expr, boolean mayFail, @Nullable Expr term, @Nullable Bound bound) {}

  /** What a test asks of its term. */
  private sealed interface Bound {
    record Equal(Value value) implements Bound {}

    /** At most this; at least it where {@code upper} is false. */
    record Limit(long value, boolean upper) implements Bound {}

    record Matches(LikePattern pattern) implements Bound {}
  }

  private final List<Test> tests = new ArrayList<>();
  private final Map<Expr, Integer> indexes = new HashMap<>();

  int size() {
    return tests.size();
  }

  boolean mayFail(int index) {
    return tests.get(index).mayFail();
  }

  /** The logic of a typed condition; its tests are added here. */
  Node node(TypedExpr typed) {
    if (typed.type() == Type.Simple.TRUE) {
      return Node.TRUE;
    }
    if (typed.type() == Type.Simple.FALSE) {
      return Node.FALSE;
    }
    List<TypedExpr> parts = typed.parts();
    return switch (typed.expr()) {
      case Expr.And _ -> new Node.And(parts.stream().map(this::node).toList());
      case Expr.Or _ -> new Node.Or(parts.stream().map(this::node).toList());
      case Expr.If _ -> new Node.If(node(parts.get(0)), node(parts.get(1)), node(parts.get(2)));
      case Expr.Unary(UnaryOperator operator, _, _) when operator == UnaryOperator.NOT ->
          new Node.Not(node(parts.getFirst()));
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          atom(typed.expr());
    };
  }

  private Node atom(Expr expr) {
    Integer known = indexes.get(expr);
    if (known == null) {
      known = tests.size();
      indexes.put(expr, known);
      tests.add(test(expr));
    }
    return new Node.Atom(known);
  }

  private static Test test(Expr expr) {
    boolean mayFail = mayFail(expr);
    return switch (expr) {
      case Expr.Binary(BinaryOperator operator, Expr left, Expr right, _) -> {
        Value second = literal(right);
        Value first = literal(left);
        if (operator == BinaryOperator.EQUAL && second != null) {
          yield new Test(expr, mayFail, left, new Bound.Equal(second));
        }
        if (operator == BinaryOperator.EQUAL && first != null) {
          yield new Test(expr, mayFail, right, new Bound.Equal(first));
        }
        boolean less = operator == BinaryOperator.LESS;
        if ((less || operator == BinaryOperator.LESS_EQUAL)
            && second instanceof LongValue(long k)
            && !(less && k == Long.MIN_VALUE)) {
          yield new Test(expr, mayFail, left, new Bound.Limit(less ? k - 1 : k, true));
        }
        if ((less || operator == BinaryOperator.LESS_EQUAL)
            && first instanceof LongValue(long k)
            && !(less && k == Long.MAX_VALUE)) {
          yield new Test(expr, mayFail, right, new Bound.Limit(less ? k + 1 : k, false));
        }
        yield new Test(expr, mayFail, null, null);
      }
      case Expr.Like(Expr target, LikePattern pattern, _) ->
          new Test(expr, mayFail, target, new Bound.Matches(pattern));
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.If _,
          Expr.And _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Is _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          new Test(expr, mayFail, null, null);
    };
  }

  private static @Nullable Value literal(Expr expr) {
    return expr instanceof Expr.Literal(Value value, _) ? value : null;
  }

  /**
   * True where evaluation may end in an error: anything that can overflow, or read an entity, which
   * may be missing. A context is never missing.
   */
  private static boolean mayFail(Expr expr) {
    boolean itself =
        switch (expr) {
          case Expr.Call _ -> true;
          case Expr.GetAttribute(Expr target, _, _) ->
              !(target instanceof Expr.Var(Variable variable, _) && variable == Variable.CONTEXT);
          case Expr.Unary(UnaryOperator operator, _, _) -> operator == UnaryOperator.NEGATE;
          case Expr.Binary(BinaryOperator operator, _, _, _) ->
              operator == BinaryOperator.ADD
                  || operator == BinaryOperator.SUBTRACT
                  || operator == BinaryOperator.MULTIPLY
                  || operator == BinaryOperator.GET_TAG;
          case Expr.Literal _,
              Expr.Var _,
              Expr.SlotRef _,
              Expr.If _,
              Expr.And _,
              Expr.Or _,
              Expr.HasAttribute _,
              Expr.Like _,
              Expr.Is _,
              Expr.SetOf _,
              Expr.RecordOf _ ->
              false;
        };
    return itself || PolicyWalk.parts(expr).stream().anyMatch(Atoms::mayFail);
  }

  /** False where the tests known so far exclude each other. */
  boolean areConsistent(Truth[] truths, int changed) {
    Expr term = tests.get(changed).term();
    if (term == null) {
      return true;
    }
    Value value = null;
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
    for (int i = 0; i < tests.size(); i++) {
      if (!isAbout(i, term) || (truths[i] != Truth.TRUE && truths[i] != Truth.FALSE)) {
        continue;
      }
      boolean holds = truths[i] == Truth.TRUE;
      switch (tests.get(i).bound()) {
        case Bound.Equal(Value wanted) when holds -> {
          if (value != null && !value.equals(wanted)) {
            return false;
          }
          value = wanted;
        }
        case Bound.Limit(long limit, boolean upper) when upper == holds ->
            high = Math.min(high, holds ? limit : saturated(limit, -1));
        case Bound.Limit(long limit, boolean _) ->
            low = Math.max(low, holds ? limit : saturated(limit, 1));
        case Bound.Equal _, Bound.Matches _ -> {}
        case null -> {}
      }
    }
    return low <= high && (value == null || allAgree(truths, term, value));
  }

  private static long saturated(long value, int step) {
    boolean last = step > 0 ? value == Long.MAX_VALUE : value == Long.MIN_VALUE;
    return last ? value : value + step;
  }

  private boolean isAbout(int index, Expr term) {
    return term.equals(tests.get(index).term());
  }

  private boolean allAgree(Truth[] truths, Expr term, Value value) {
    for (int i = 0; i < tests.size(); i++) {
      if (isAbout(i, term) && (truths[i] == Truth.TRUE || truths[i] == Truth.FALSE)) {
        Boolean really = holds(tests.get(i).bound(), value);
        if (really != null && really != (truths[i] == Truth.TRUE)) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable Boolean holds(@Nullable Bound bound, Value value) {
    return switch (bound) {
      case Bound.Equal(Value wanted) -> value.equals(wanted);
      case Bound.Limit(long limit, boolean upper) ->
          value instanceof LongValue(long number)
              ? upper ? number <= limit : number >= limit
              : null;
      case Bound.Matches(LikePattern pattern) ->
          value instanceof StringValue(String text) ? new LikeMatcher(pattern).matches(text) : null;
      case null -> null;
    };
  }
}
