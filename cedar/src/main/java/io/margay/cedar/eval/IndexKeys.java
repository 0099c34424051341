package io.margay.cedar.eval;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the keys by which a policy can be looked up: from its scope, and from the first conditions
 * of {@code when}. A policy may be passed over for a request only when it can neither be satisfied
 * nor be in error. So conditions are read from the left as long as none before can be in error; an
 * attribute's equality, which can, is the last one that is read.
 */
final class IndexKeys {
  private final List<IndexKey> keys = new ArrayList<>();

  private IndexKeys() {}

  /** All keys of a policy; one of them is enough to find it. None when it may match anything. */
  static List<IndexKey> of(Policy policy) {
    IndexKeys found = new IndexKeys();
    found.scope(Variable.PRINCIPAL, policy.principal());
    found.scope(Variable.RESOURCE, policy.resource());
    for (Condition condition : policy.conditions()) {
      if (condition.kind() != Condition.Kind.WHEN || !found.conjuncts(condition.body())) {
        break;
      }
    }
    return found.keys;
  }

  private void scope(Variable variable, ScopeConstraint constraint) {
    if (constraint.reference().orElse(null) instanceof EntityRef.Named(EntityUid uid, _)) {
      keys.add(new IndexKey.InEntity(variable, uid));
    }
    if (constraint instanceof ScopeConstraint.Is is) {
      keys.add(new IndexKey.OfType(variable, is.type()));
    } else if (constraint instanceof ScopeConstraint.IsIn isIn) {
      keys.add(new IndexKey.OfType(variable, isIn.type()));
    }
  }

  /** Reads conditions that all have to hold; gives whether none of them can be in error. */
  private boolean conjuncts(Expr body) {
    List<Expr> operands = body instanceof Expr.And and ? and.operands() : List.of(body);
    for (Expr operand : operands) {
      if (!conjunct(operand)) {
        return false;
      }
    }
    return true;
  }

  private boolean conjunct(Expr expr) {
    return switch (expr) {
      case Expr.Binary binary when binary.operator() == BinaryOperator.EQUAL ->
          equality(binary.left(), binary.right());
      case Expr.Binary binary when binary.operator() == BinaryOperator.IN ->
          isEntityVariable(binary.left()) && in(binary.left(), binary.right());
      case Expr.Is is when isEntityVariable(is.target()) -> {
        if (isIndexed(is.target())) {
          keys.add(new IndexKey.OfType(((Expr.Var) is.target()).variable(), is.type()));
        }
        yield is.ancestor().isEmpty() || in(is.target(), is.ancestor().get());
      }
      case Expr.Literal(Value value, _) -> value instanceof BoolValue;
      case Expr.And _ -> conjuncts(expr);
      case Expr.Binary _,
          Expr.Is _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.If _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          false;
    };
  }

  private boolean equality(Expr left, Expr right) {
    if (left instanceof Expr.Literal && !(right instanceof Expr.Literal)) {
      return equality(right, left);
    }
    if (!(right instanceof Expr.Literal(Value value, _))) {
      return false;
    }
    if (left instanceof Expr.Var asked) {
      if (isIndexed(left) && value instanceof EntityUid uid) {
        keys.add(new IndexKey.InEntity(asked.variable(), uid));
      }
      return true;
    }
    if (left instanceof Expr.GetAttribute(Expr target, String attribute, _)
        && target instanceof Expr.Var(Variable variable, _)
        && variable != Variable.ACTION) {
      keys.add(new IndexKey.HasValue(variable, attribute, value));
    }
    return false;
  }

  private boolean in(Expr variable, Expr ancestor) {
    if (ancestor instanceof Expr.Literal(EntityUid uid, _)) {
      if (isIndexed(variable)) {
        keys.add(new IndexKey.InEntity(((Expr.Var) variable).variable(), uid));
      }
      return true;
    }
    return ancestor instanceof Expr.SetOf(List<Expr> elements, _)
        && elements.stream().allMatch(element -> element instanceof Expr.Literal(EntityUid _, _));
  }

  private static boolean isEntityVariable(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _) && variable != Variable.CONTEXT;
  }

  private static boolean isIndexed(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _)
        && (variable == Variable.PRINCIPAL || variable == Variable.RESOURCE);
  }
}
