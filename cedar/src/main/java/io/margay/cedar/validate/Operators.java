package io.margay.cedar.validate;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.TypeLattice.Bound;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators with two operands. */
final class Operators {
  private static final List<Type> ENTITIES =
      List.of(new Type.SetOf(Simple.ANY_ENTITY), Simple.ANY_ENTITY);
  private static final List<Type> ORDERED =
      List.of(Type.Extension.DATETIME, Type.Extension.DURATION, Simple.LONG);

  private final EnvironmentChecker checker;
  private final Access access;

  Operators(EnvironmentChecker checker) {
    this.checker = checker;
    this.access = new Access(checker);
  }

  Answer binary(Capabilities prior, Expr.Binary expr) {
    return switch (expr.operator()) {
      case EQUAL -> equal(prior, expr);
      case LESS, LESS_EQUAL -> compare(prior, expr);
      case ADD, SUBTRACT, MULTIPLY -> arithmetic(prior, expr);
      case IN -> in(prior, expr);
      case CONTAINS -> contains(prior, expr);
      case CONTAINS_ALL, CONTAINS_ANY -> containsSeveral(prior, expr);
      case HAS_TAG -> access.hasTag(prior, expr);
      case GET_TAG -> access.getTag(prior, expr);
      case NOT_EQUAL, GREATER, GREATER_EQUAL ->
          throw new IllegalArgumentException(expr.operator() + " is not in core form");
    };
  }

  static boolean isSet(Type type) {
    return type == Simple.ANY_SET || type instanceof Type.SetOf;
  }

  private Answer equal(Capabilities prior, Expr.Binary expr) {
    Answer left = checker.check(prior, expr.left());
    Answer right = checker.check(prior, expr.right());
    List<TypedExpr> parts = List.of(left.typed(), right.typed());
    Simple result = equality(expr, left.type(), right.type());
    boolean known = result != Simple.BOOL;
    boolean comparable =
        known || areComparable(expr, left.type(), right.type(), "both operands of ==");
    return Answer.success(expr, result, parts).given(left.ok() && right.ok() && comparable);
  }

  private Simple equality(Expr.Binary expr, @Nullable Type left, @Nullable Type right) {
    if (left != null && right != null && TypeLattice.areDisjoint(left, right)) {
      return Simple.FALSE;
    }
    Value first = literal(expr.left());
    Value second = literal(expr.right());
    if (first == null || second == null) {
      return Simple.BOOL;
    }
    return first.equals(second) ? Simple.TRUE : Simple.FALSE;
  }

  /** The value of a literal; the action of a request environment is known like one. */
  private @Nullable Value literal(Expr expr) {
    return switch (expr) {
      case Expr.Literal(Value value, _) -> value;
      case Expr.Var(Variable variable, _) when variable == Variable.ACTION ->
          checker.environment.action();
      case Expr.Var _,
          Expr.SlotRef _,
          Expr.If _,
          Expr.And _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Call _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          null;
    };
  }

  /** Strict mode compares values of one type only. */
  private boolean areComparable(Expr expr, @Nullable Type left, @Nullable Type right, String what) {
    if (!checker.strict() || left == null || right == null) {
      return true;
    }
    if (checker.lattice.upperBound(left, right) instanceof Bound.Missing(var clash)) {
      checker.reportIncompatible(expr, List.of(left, right), clash, what);
      return false;
    }
    return true;
  }

  private static boolean isOrdered(Type type) {
    return type == Simple.LONG || (type instanceof Type.Extension e && e.isOrdered());
  }

  private Answer compare(Capabilities prior, Expr.Binary expr) {
    Answer left = checker.check(prior, expr.left());
    Answer right = checker.check(prior, expr.right());
    List<TypedExpr> parts = List.of(left.typed(), right.typed());
    Type first = left.type();
    Type second = right.type();
    boolean ok = first != null && second != null && mayCompare(expr, first, second);
    return Answer.success(expr, Simple.BOOL, parts).given(left.ok() && right.ok() && ok);
  }

  private boolean mayCompare(Expr.Binary expr, Type left, Type right) {
    if (left.equals(right) && isOrdered(left)) {
      return true;
    }
    if (left == Simple.NEVER || right == Simple.NEVER) {
      return isOrdered(left) || isOrdered(right);
    }
    if (left == Simple.LONG || (isOrdered(left) && right != Simple.LONG)) {
      checker.reportUnexpected(expr.right(), List.of(left), right, "");
    } else if (isOrdered(right)) {
      checker.reportUnexpected(expr.left(), List.of(right), left, "");
    } else {
      checker.reportUnexpected(expr.left(), ORDERED, left, "");
      checker.reportUnexpected(expr.right(), ORDERED, right, "");
    }
    return false;
  }

  private Answer arithmetic(Capabilities prior, Expr.Binary expr) {
    Answer left = number(prior, expr, expr.left());
    Answer right = number(prior, expr, expr.right());
    return Answer.success(expr, Simple.LONG, List.of(left.typed(), right.typed()))
        .given(left.ok() && right.ok());
  }

  private Answer number(Capabilities prior, Expr.Binary expr, Expr operand) {
    return checker.expect(
        prior,
        operand,
        Simple.LONG,
        actual -> {
          if (actual == Simple.STRING && expr.operator() == BinaryOperator.ADD) {
            return "Cedar has no concatenation of strings";
          }
          return isSet(actual) ? "Cedar has no union or difference of sets" : "";
        });
  }

  private Answer set(Capabilities prior, Expr operand) {
    return checker.expect(
        prior,
        operand,
        Simple.ANY_SET,
        actual -> {
          if (TypeLattice.isEntity(actual)) {
            return "use in to test membership in an entity";
          }
          if (actual instanceof Type.Record) {
            return "use has to test for an attribute";
          }
          return actual == Simple.STRING ? "use like to look into a string" : "";
        });
  }

  private Answer contains(Capabilities prior, Expr.Binary expr) {
    Answer left = set(prior, expr.left());
    Answer right = checker.check(prior, expr.right());
    Type element = left.type() instanceof Type.SetOf(Type inner) ? inner : null;
    boolean comparable =
        areComparable(
            expr, element, right.type(), "the elements of a set and the operand of contains");
    return Answer.success(expr, Simple.BOOL, List.of(left.typed(), right.typed()))
        .given(left.ok() && right.ok() && comparable);
  }

  private Answer containsSeveral(Capabilities prior, Expr.Binary expr) {
    Answer left = set(prior, expr.left());
    Answer right =
        checker.expect(
            prior, expr.right(), Simple.ANY_SET, actual -> "use contains for one element");
    boolean comparable =
        areComparable(expr, left.type(), right.type(), "both sets of " + expr.operator().text());
    return Answer.success(expr, Simple.BOOL, List.of(left.typed(), right.typed()))
        .given(left.ok() && right.ok() && comparable);
  }

  private Answer in(Capabilities prior, Expr.Binary expr) {
    Answer left =
        checker.expect(
            prior,
            expr.left(),
            Simple.ANY_ENTITY,
            actual ->
                actual == Simple.STRING
                    ? "in asks about entities: declare an entity type for it, or compare strings"
                        + " with == or like"
                    : "in asks about entities; use contains to look into a set of values");
    Answer right =
        checker.expectOneOf(
            prior,
            expr.right(),
            ENTITIES,
            actual -> {
              if (isSet(actual)) {
                return "use contains to look into a set";
              }
              return actual == Simple.STRING ? "use like to look into a string" : "";
            });
    List<TypedExpr> parts = List.of(left.typed(), right.typed());
    if (!left.ok() || !right.ok()) {
      return Answer.failure(expr, Simple.BOOL, parts);
    }
    List<EntityUid> uids = entities(expr.right());
    if (literal(expr.left()) instanceof EntityUid action
        && action.type().isAction()
        && uids != null) {
      Simple known = actionIn(action, uids);
      return known == null
          ? Answer.failure(expr, Simple.BOOL, parts)
          : Answer.success(expr, known, parts);
    }
    boolean possible = mayBeIn(left.type(), right.type());
    return Answer.success(expr, possible ? Simple.BOOL : Simple.FALSE, parts);
  }

  /** The entities of a literal, or of a set of nothing but literals; null for all else. */
  private @Nullable List<EntityUid> entities(Expr expr) {
    if (literal(expr) instanceof EntityUid uid) {
      return List.of(uid);
    }
    if (!(expr instanceof Expr.SetOf set)) {
      return null;
    }
    List<EntityUid> uids = new ArrayList<>();
    for (Expr element : set.elements()) {
      if (!(literal(element) instanceof EntityUid uid)) {
        return null;
      }
      uids.add(uid);
    }
    return uids;
  }

  /** Which actions are in which is known from the schema; null where one is not declared. */
  private @Nullable Simple actionIn(EntityUid action, List<EntityUid> uids) {
    List<EntityUid> groups = uids.stream().filter(uid -> uid.type().isAction()).toList();
    if (groups.isEmpty()) {
      return Simple.FALSE;
    }
    Set<EntityUid> members = checker.schema.actionsIn(groups);
    if (members == null) {
      return null;
    }
    return members.contains(action) ? Simple.TRUE : Simple.FALSE;
  }

  private boolean mayBeIn(@Nullable Type left, @Nullable Type right) {
    Type ancestor = right instanceof Type.SetOf(Type element) ? element : right;
    if (!(left instanceof Type.Entity(var low)) || !(ancestor instanceof Type.Entity(var high))) {
      return true;
    }
    return low.stream().anyMatch(child -> high.stream().anyMatch(type -> mayBeIn(child, type)));
  }

  private boolean mayBeIn(EntityType child, EntityType ancestor) {
    return checker.schema.typesIn(ancestor).contains(child) || actionTypeIn(child, ancestor);
  }

  private boolean actionTypeIn(EntityType child, EntityType ancestor) {
    for (ActionInfo action : checker.schema.actions()) {
      if (action.name().type().equals(ancestor)
          && action.descendants().stream().anyMatch(d -> d.type().equals(child))) {
        return true;
      }
    }
    return false;
  }
}
