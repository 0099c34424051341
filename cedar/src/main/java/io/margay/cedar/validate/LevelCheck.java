package io.margay.cedar.validate;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.schema.Type;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Counts how many references a policy follows from one entity to another: {@code principal.team} is
 * level 1, {@code principal.team.owner} level 2. Only what hangs on the request can be counted, so
 * an entity that is named in the policy cannot be dereferenced at any level.
 */
final class LevelCheck {
  private final RequestEnvironment environment;
  private final String policyId;
  private final int maxLevel;
  private final Set<ValidationProblem> problems;

  LevelCheck(
      RequestEnvironment environment,
      String policyId,
      int maxLevel,
      Set<ValidationProblem> problems) {
    this.environment = environment;
    this.policyId = policyId;
    this.maxLevel = maxLevel;
    this.problems = problems;
  }

  void check(TypedExpr typed) {
    Expr expr = typed.expr();
    boolean dereferences =
        switch (expr) {
          case Expr.HasAttribute _, Expr.GetAttribute _ ->
              typed.parts().getFirst().type() instanceof Type.Entity;
          case Expr.Binary(BinaryOperator operator, _, _, _) ->
              operator == BinaryOperator.IN
                  || operator == BinaryOperator.HAS_TAG
                  || operator == BinaryOperator.GET_TAG;
          case Expr.Literal _,
              Expr.Var _,
              Expr.SlotRef _,
              Expr.If _,
              Expr.And _,
              Expr.Or _,
              Expr.Unary _,
              Expr.Call _,
              Expr.Like _,
              Expr.Is _,
              Expr.SetOf _,
              Expr.RecordOf _ ->
              false;
        };
    if (!dereferences) {
      typed.parts().forEach(this::check);
      return;
    }
    checkLevel(expr.span(), level(typed.parts().getFirst(), new ArrayDeque<>()));
    typed.parts().stream().skip(1).forEach(this::check);
  }

  private void checkLevel(Span span, int level) {
    if (level >= maxLevel) {
      report(
          Kind.LEVEL_EXCEEDED,
          span,
          "this needs level " + (level + 1) + ", and " + maxLevel + " is the highest allowed",
          "put what it needs into the context or nearer to the request");
    }
  }

  private void report(Kind kind, Span span, String message, String suggestion) {
    problems.add(new ValidationProblem(policyId, kind, message, suggestion, span));
  }

  /**
   * How many references lead to this entity from the request.
   *
   * @param path the attributes of records that are still to be read from it, the next one last
   */
  private int level(TypedExpr typed, Deque<String> path) {
    List<TypedExpr> parts = typed.parts();
    return switch (typed.expr()) {
      case Expr.Var _ -> 0;
      case Expr.SlotRef(_, Span span) -> literal(span);
      case Expr.Literal(var value, Span span) ->
          value instanceof EntityUid && value.equals(environment.action()) ? 0 : literal(span);
      case Expr.If _ -> {
        check(parts.get(0));
        int then = level(parts.get(1), new ArrayDeque<>(path));
        yield Math.max(then, level(parts.get(2), path));
      }
      case Expr.GetAttribute(_, String attribute, _) -> {
        if (parts.getFirst().type() instanceof Type.Entity) {
          yield 1 + level(parts.getFirst(), path);
        }
        path.addLast(attribute);
        yield level(parts.getFirst(), path);
      }
      case Expr.Binary(BinaryOperator operator, _, _, _)
          when operator == BinaryOperator.GET_TAG -> {
        int level = 1 + level(parts.get(0), path);
        check(parts.get(1));
        yield level;
      }
      case Expr.RecordOf(List<Expr.Field> fields, _) -> record(fields, parts, path);
      case Expr.Binary _,
          Expr.And _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Call _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.SetOf _ ->
          // None of these is an entity, and the policy has passed the typechecker.
          0;
    };
  }

  private int literal(Span span) {
    report(
        Kind.LITERAL_DEREFERENCED,
        span,
        "an entity that the policy names cannot be dereferenced at any level",
        "compare with it instead, or take the entity from the request");
    return 0;
  }

  private int record(List<Expr.Field> fields, List<TypedExpr> parts, Deque<String> path) {
    String wanted = path.pollLast();
    int level = 0;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(wanted)) {
        level = level(parts.get(i), path);
      } else {
        check(parts.get(i));
      }
    }
    return level;
  }
}
