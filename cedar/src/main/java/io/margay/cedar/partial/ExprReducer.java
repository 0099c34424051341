package io.margay.cedar.partial;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.EvaluationException;
import io.margay.cedar.eval.ExtensionCalls;
import io.margay.cedar.eval.Operations;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions as far as the request is known. What comes out means the same as what goes
 * in, for every request that fits: the same value, or an error where there was one. A method throws
 * {@link EvaluationException} when the expression is in error for all of them.
 */
final class ExprReducer {
  private final PartialRequest request;
  private final Entities entities;

  ExprReducer(PartialRequest request, Entities entities) {
    this.request = request;
    this.entities = entities;
  }

  /** The same expression with everything known evaluated; a literal when that is all of it. */
  Expr reduce(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.SlotRef _ -> expr;
      case Expr.Var variable -> variable(variable);
      case Expr.If conditional -> conditional(conditional);
      case Expr.And and -> chain(and.operands(), false, and.span());
      case Expr.Or or -> chain(or.operands(), true, or.span());
      case Expr.Unary unary -> {
        Expr operand = reduce(unary.operand());
        yield operand instanceof Expr.Literal(Value value, _)
            ? literal(Operations.unary(unary.operator(), value, unary.span()), unary.span())
            : new Expr.Unary(unary.operator(), operand, unary.span());
      }
      case Expr.Binary binary -> binary(binary);
      case Expr.Call call -> call(call);
      case Expr.GetAttribute get -> get(get);
      case Expr.HasAttribute has -> has(has);
      case Expr.Like like -> {
        Expr target = reduce(like.target());
        yield target instanceof Expr.Literal(Value value, _)
            ? literal(Operations.like(value, like.pattern(), like.span()), like.span())
            : new Expr.Like(target, like.pattern(), like.span());
      }
      case Expr.Is is -> is(is);
      case Expr.SetOf set -> {
        List<Expr> elements = set.elements().stream().map(this::reduce).toList();
        List<Value> values = values(elements);
        yield values == null
            ? new Expr.SetOf(elements, set.span())
            : literal(SetValue.of(values), set.span());
      }
      case Expr.RecordOf record -> record(record);
    };
  }

  private static Expr literal(Value value, Span span) {
    return new Expr.Literal(value, span);
  }

  /** The values of expressions that are all literals; null when one is not. */
  private static @Nullable List<Value> values(List<Expr> exprs) {
    List<Value> values = new ArrayList<>(exprs.size());
    for (Expr expr : exprs) {
      if (!(expr instanceof Expr.Literal(Value value, _))) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  private Expr variable(Expr.Var variable) {
    if (variable.variable() == Variable.CONTEXT) {
      return request.contextComplete() ? literal(request.context(), variable.span()) : variable;
    }
    return part(variable.variable()) instanceof EntityPart.Known(EntityUid uid)
        ? literal(uid, variable.span())
        : variable;
  }

  private EntityPart part(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> request.principal();
      case ACTION -> request.action();
      case RESOURCE -> request.resource();
      case CONTEXT -> EntityPart.Unknown.UNKNOWN;
    };
  }

  /** The type of an entity of which only that is known. */
  private Optional<EntityType> knownType(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _)
            && part(variable) instanceof EntityPart.OfType(EntityType type)
        ? Optional.of(type)
        : Optional.empty();
  }

  private Expr conditional(Expr.If conditional) {
    Expr condition = reduce(conditional.condition());
    if (condition instanceof Expr.Literal(Value value, _)) {
      return Operations.isTrue(value, conditional.condition().span())
          ? reduce(conditional.then())
          : reduce(conditional.otherwise());
    }
    return new Expr.If(
        condition,
        reduceOrKeep(conditional.then()),
        reduceOrKeep(conditional.otherwise()),
        conditional.span());
  }

  /** For what may never be evaluated: an error there is none yet. */
  private Expr reduceOrKeep(Expr expr) {
    try {
      return reduce(expr);
    } catch (EvaluationException e) {
      return expr;
    }
  }

  /**
   * A chain of {@code &&}, or of {@code ||}.
   *
   * @param ending the value that ends it
   */
  private Expr chain(List<Expr> operands, boolean ending, Span span) {
    List<Expr> open = new ArrayList<>();
    for (Expr operand : operands) {
      Expr reduced;
      try {
        reduced = reduce(operand);
        if (reduced instanceof Expr.Literal(Value value, _)) {
          boolean known = Operations.isTrue(value, operand.span());
          if (known != ending) {
            continue;
          }
          if (open.isEmpty()) {
            return literal(BoolValue.of(ending), span);
          }
          // What is open may be in error, so that it has to stay.
          open.add(reduced);
          break;
        }
      } catch (EvaluationException e) {
        if (open.isEmpty()) {
          throw e;
        }
        // In error if it is reached, and nothing behind it is.
        open.add(operand);
        break;
      }
      open.add(reduced);
    }
    if (open.isEmpty()) {
      return literal(BoolValue.of(!ending), span);
    }
    if (open.size() == 1) {
      // Alone it could be of any type; in a chain it has to be true or false.
      open.add(literal(BoolValue.of(!ending), span));
    }
    return joined(open, ending, span);
  }

  /** The first operand of a chain is no chain of the same kind: it is part of this one. */
  private static Expr joined(List<Expr> open, boolean ending, Span span) {
    List<Expr> flat = new ArrayList<>();
    Expr first = open.getFirst();
    if (ending && first instanceof Expr.Or or) {
      flat.addAll(or.operands());
    } else if (!ending && first instanceof Expr.And and) {
      flat.addAll(and.operands());
    } else {
      flat.add(first);
    }
    flat.addAll(open.subList(1, open.size()));
    return ending ? new Expr.Or(flat, span) : new Expr.And(flat, span);
  }

  private Expr binary(Expr.Binary binary) {
    Expr left = reduce(binary.left());
    Expr right = reduce(binary.right());
    Span span = binary.span();
    if (left instanceof Expr.Literal(Value a, _) && right instanceof Expr.Literal(Value b, _)) {
      return literal(Operations.binary(binary.operator(), a, b, entities, span), span);
    }
    boolean equality =
        binary.operator() == BinaryOperator.EQUAL || binary.operator() == BinaryOperator.NOT_EQUAL;
    if (equality && (differInType(left, right) || differInType(right, left))) {
      return literal(BoolValue.of(binary.operator() == BinaryOperator.NOT_EQUAL), span);
    }
    return new Expr.Binary(binary.operator(), left, right, span);
  }

  private boolean differInType(Expr unknown, Expr literal) {
    return literal instanceof Expr.Literal(Value value, _)
        && knownType(unknown)
            .filter(type -> !(value instanceof EntityUid uid && uid.type().equals(type)))
            .isPresent();
  }

  private Expr call(Expr.Call call) {
    List<Expr> arguments = call.arguments().stream().map(this::reduce).toList();
    List<Value> values = values(arguments);
    return values == null
        ? new Expr.Call(call.function(), arguments, call.span())
        : literal(
            ExtensionCalls.call(call.function(), values.toArray(Value[]::new), call.span()),
            call.span());
  }

  private Expr get(Expr.GetAttribute get) {
    Expr target = reduce(get.target());
    if (target instanceof Expr.Literal(Value value, _)) {
      return literal(
          Operations.getAttribute(value, get.attribute(), entities, get.span()), get.span());
    }
    Value known = isContext(target) ? request.context().get(get.attribute()) : null;
    return known == null
        ? new Expr.GetAttribute(target, get.attribute(), get.span())
        : literal(known, get.span());
  }

  private Expr has(Expr.HasAttribute has) {
    Expr target = reduce(has.target());
    List<String> path = has.path();
    if (target instanceof Expr.Literal(Value value, _)) {
      return literal(
          BoolValue.of(Operations.hasAttributes(value, path, entities, has.span())), has.span());
    }
    Value known = isContext(target) ? request.context().get(path.getFirst()) : null;
    if (known == null) {
      return new Expr.HasAttribute(target, path, has.span());
    }
    List<String> rest = path.subList(1, path.size());
    return literal(
        BoolValue.of(Operations.hasAttributes(known, rest, entities, has.span())), has.span());
  }

  /** Whether it is the context, which is not complete then. */
  private static boolean isContext(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _) && variable == Variable.CONTEXT;
  }

  private Expr is(Expr.Is is) {
    Span span = is.span();
    Expr target = reduce(is.target());
    Optional<EntityType> type =
        target instanceof Expr.Literal(Value value, _)
            ? Optional.of(Operations.entity(value, span).type())
            : knownType(target);
    if (type.isEmpty()) {
      Optional<Expr> ancestor = is.ancestor().map(this::reduceOrKeep);
      return new Expr.Is(target, is.type(), ancestor, span);
    }
    if (!type.get().equals(is.type())) {
      return literal(BoolValue.FALSE, span);
    }
    return is.ancestor().isEmpty()
        ? literal(BoolValue.TRUE, span)
        : binary(new Expr.Binary(BinaryOperator.IN, is.target(), is.ancestor().get(), span));
  }

  private Expr record(Expr.RecordOf record) {
    List<Expr.Field> fields =
        record.fields().stream()
            .map(field -> new Expr.Field(field.name(), reduce(field.value())))
            .toList();
    Map<String, Value> values = new LinkedHashMap<>();
    for (Expr.Field field : fields) {
      if (!(field.value() instanceof Expr.Literal(Value value, _))) {
        return new Expr.RecordOf(fields, record.span());
      }
      values.put(field.name(), value);
    }
    return literal(RecordValue.of(values), record.span());
  }
}
