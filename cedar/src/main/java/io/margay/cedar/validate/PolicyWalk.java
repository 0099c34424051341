package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Visits every expression of a tree, in the order written. */
public final class PolicyWalk {
  private PolicyWalk() {}

  public static void visit(Expr expr, Consumer<Expr> visitor) {
    visitor.accept(expr);
    for (Expr part : parts(expr)) {
      visit(part, visitor);
    }
  }

  /** The direct parts of an expression. */
  public static List<Expr> parts(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _, Expr.SlotRef _ -> List.of();
      case Expr.If(Expr test, Expr then, Expr otherwise, _) -> List.of(test, then, otherwise);
      case Expr.And(List<Expr> operands, _) -> operands;
      case Expr.Or(List<Expr> operands, _) -> operands;
      case Expr.Unary(_, Expr operand, _) -> List.of(operand);
      case Expr.Binary(_, Expr left, Expr right, _) -> List.of(left, right);
      case Expr.Call(_, List<Expr> arguments, _) -> arguments;
      case Expr.GetAttribute(Expr target, _, _) -> List.of(target);
      case Expr.HasAttribute(Expr target, _, _) -> List.of(target);
      case Expr.Like(Expr target, _, _) -> List.of(target);
      case Expr.Is(Expr target, _, Optional<Expr> ancestor, _) ->
          ancestor.isPresent() ? List.of(target, ancestor.get()) : List.of(target);
      case Expr.SetOf(List<Expr> elements, _) -> elements;
      case Expr.RecordOf(List<Expr.Field> fields, _) ->
          fields.stream().map(Expr.Field::value).toList();
    };
  }
}
