package io.margay.cedar.validate;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy as one expression over fewer kinds of nodes: {@code !=}, {@code >} and {@code >=} become
 * negations, {@code has a.b} becomes {@code has a && .a has b}, {@code is T in e} becomes {@code is
 * T && in e}. The typechecker and the analysis then have one case for each meaning.
 */
public final class CoreForm {
  private CoreForm() {}

  /** {@code principal && (action && (resource && conditions))}, slots left in. */
  public static Expr condition(Template template) {
    Span span = template.span();
    Expr body = conditions(template);
    Expr resource = scope(Variable.RESOURCE, template.resource(), span);
    Expr principal = scope(Variable.PRINCIPAL, template.principal(), span);
    return and(
        principal, and(action(template.action(), span), and(resource, body, span), span), span);
  }

  /** The conditions alone: {@code a && (b && c)}; true where there are none. */
  public static Expr conditions(Template template) {
    Expr body = null;
    for (Condition condition : template.conditions().reversed()) {
      Expr part = of(condition.body());
      if (condition.kind() == Condition.Kind.UNLESS) {
        part = new Expr.Unary(UnaryOperator.NOT, part, condition.span());
      }
      body = body == null ? part : and(part, body, template.span());
    }
    return body == null ? literal(true) : body;
  }

  private static Expr and(Expr left, Expr right, Span span) {
    return conjunction(flattened(List.of(left, right)), span);
  }

  private static Expr conjunction(List<Expr> operands, Span span) {
    List<Expr> rest = withoutLeadingLiterals(operands, true);
    return rest.size() == 1 ? rest.getFirst() : new Expr.And(rest, span);
  }

  private static Expr disjunction(List<Expr> operands, Span span) {
    List<Expr> rest = withoutLeadingLiterals(operands, false);
    return rest.size() == 1 ? rest.getFirst() : new Expr.Or(rest, span);
  }

  /** A chain that begins with literals has one literal for them, as the official parser makes. */
  private static List<Expr> withoutLeadingLiterals(List<Expr> operands, boolean and) {
    List<Expr> rest = new ArrayList<>(operands);
    while (rest.size() > 1
        && rest.get(0) instanceof Expr.Literal(BoolValue(boolean first), Span span)
        && rest.get(1) instanceof Expr.Literal(BoolValue(boolean second), _)) {
      boolean value = and ? first && second : first || second;
      rest.subList(0, 2).clear();
      rest.addFirst(new Expr.Literal(BoolValue.of(value), span));
    }
    return rest;
  }

  private static Expr literal(boolean value) {
    return new Expr.Literal(BoolValue.of(value), Span.NONE);
  }

  private static Expr entity(EntityRef ref) {
    return switch (ref) {
      case EntityRef.Named(EntityUid uid, Span span) -> new Expr.Literal(uid, span);
      case EntityRef.Open(var slot, Span span) -> new Expr.SlotRef(slot, span);
    };
  }

  /** What a scope asks of the principal or resource. */
  public static Expr scope(Variable variable, ScopeConstraint constraint, Span span) {
    Expr subject = new Expr.Var(variable, span);
    return switch (constraint) {
      case ScopeConstraint.Any _ -> literal(true);
      case ScopeConstraint.Equal(EntityRef ref) ->
          new Expr.Binary(BinaryOperator.EQUAL, subject, entity(ref), ref.span());
      case ScopeConstraint.In(EntityRef ref) ->
          new Expr.Binary(BinaryOperator.IN, subject, entity(ref), ref.span());
      case ScopeConstraint.Is(var type, Span at) ->
          new Expr.Is(subject, type, Optional.empty(), at);
      case ScopeConstraint.IsIn(var type, EntityRef ref, Span at) ->
          and(
              new Expr.Is(subject, type, Optional.empty(), at),
              new Expr.Binary(BinaryOperator.IN, subject, entity(ref), ref.span()),
              at);
    };
  }

  /** What a scope asks of the action. */
  public static Expr action(ActionConstraint constraint, Span span) {
    Expr subject = new Expr.Var(Variable.ACTION, span);
    return switch (constraint) {
      case ActionConstraint.Any _ -> literal(true);
      case ActionConstraint.Equal(EntityUid uid, Span at) ->
          new Expr.Binary(BinaryOperator.EQUAL, subject, new Expr.Literal(uid, at), at);
      case ActionConstraint.In(EntityUid uid, Span at) ->
          new Expr.Binary(BinaryOperator.IN, subject, new Expr.Literal(uid, at), at);
      case ActionConstraint.InAny(List<EntityUid> uids, Span at) ->
          new Expr.Binary(
              BinaryOperator.IN,
              subject,
              new Expr.SetOf(
                  uids.stream().map(uid -> (Expr) new Expr.Literal(uid, at)).toList(), at),
              at);
    };
  }

  public static Expr of(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _, Expr.SlotRef _ -> expr;
      case Expr.If(Expr test, Expr then, Expr otherwise, Span span) ->
          new Expr.If(of(test), of(then), of(otherwise), span);
      case Expr.And(List<Expr> operands, Span span) -> conjunction(flattened(all(operands)), span);
      case Expr.Or(List<Expr> operands, Span span) -> disjunction(all(operands), span);
      case Expr.Unary(var operator, Expr operand, Span span) ->
          new Expr.Unary(operator, of(operand), span);
      case Expr.Binary binary -> binary(binary);
      case Expr.Call(var function, List<Expr> arguments, Span span) ->
          new Expr.Call(function, all(arguments), span);
      case Expr.GetAttribute(Expr target, String attribute, Span span) ->
          new Expr.GetAttribute(of(target), attribute, span);
      case Expr.HasAttribute(Expr target, List<String> path, Span span) ->
          has(of(target), path, span);
      case Expr.Like(Expr target, var pattern, Span span) ->
          new Expr.Like(of(target), pattern, span);
      case Expr.Is(Expr target, var type, Optional<Expr> ancestor, Span span) -> {
        Expr subject = of(target);
        Expr is = new Expr.Is(subject, type, Optional.empty(), span);
        yield ancestor.isEmpty()
            ? is
            : and(is, new Expr.Binary(BinaryOperator.IN, subject, of(ancestor.get()), span), span);
      }
      case Expr.SetOf(List<Expr> elements, Span span) -> new Expr.SetOf(all(elements), span);
      case Expr.RecordOf(List<Expr.Field> fields, Span span) ->
          new Expr.RecordOf(
              fields.stream().map(f -> new Expr.Field(f.name(), of(f.value()))).toList(), span);
    };
  }

  private static List<Expr> all(List<Expr> exprs) {
    return exprs.stream().map(CoreForm::of).toList();
  }

  /** A first operand that became a chain itself is joined with the rest, as parentheses are. */
  private static List<Expr> flattened(List<Expr> operands) {
    if (!(operands.getFirst() instanceof Expr.And(List<Expr> first, _))) {
      return operands;
    }
    List<Expr> joined = new ArrayList<>(first);
    joined.addAll(operands.subList(1, operands.size()));
    return joined;
  }

  private static Expr binary(Expr.Binary binary) {
    Expr left = of(binary.left());
    Expr right = of(binary.right());
    Span span = binary.span();
    return switch (binary.operator()) {
      case NOT_EQUAL -> not(BinaryOperator.EQUAL, left, right, span);
      case GREATER -> not(BinaryOperator.LESS_EQUAL, left, right, span);
      case GREATER_EQUAL -> not(BinaryOperator.LESS, left, right, span);
      case EQUAL,
          LESS,
          LESS_EQUAL,
          IN,
          ADD,
          SUBTRACT,
          MULTIPLY,
          CONTAINS,
          CONTAINS_ALL,
          CONTAINS_ANY,
          GET_TAG,
          HAS_TAG ->
          new Expr.Binary(binary.operator(), left, right, span);
    };
  }

  private static Expr not(BinaryOperator operator, Expr left, Expr right, Span span) {
    return new Expr.Unary(UnaryOperator.NOT, new Expr.Binary(operator, left, right, span), span);
  }

  private static Expr has(Expr target, List<String> path, Span span) {
    Expr test = new Expr.HasAttribute(target, path.subList(0, 1), span);
    Expr reached = target;
    for (int i = 1; i < path.size(); i++) {
      reached = new Expr.GetAttribute(reached, path.get(i - 1), span);
      test = and(test, new Expr.HasAttribute(reached, path.subList(i, i + 1), span), span);
    }
    return test;
  }
}
