package io.margay.cedar.random;

import static io.margay.cedar.ast.Span.NONE;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.random.RandomValues.Kind;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.StringValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Random expressions that mostly fit together, and now and then do not. */
public final class RandomExprs {
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final RandomGenerator random;
  private final RandomValues values;

  public RandomExprs(RandomGenerator random) {
    this.random = random;
    this.values = new RandomValues(random);
  }

  /** An expression that is probably of a kind. */
  public Expr expr(Kind wanted, int depth) {
    Kind kind = random.nextInt(40) == 0 ? values.pick(KINDS) : wanted;
    if (depth <= 0) {
      return random.nextInt(3) == 0 ? attribute(kind, 0) : literal(kind);
    }
    int choice = random.nextInt(12);
    if (choice < 2) {
      return literal(kind);
    }
    if (choice < 4) {
      return attribute(kind, depth - 1);
    }
    if (choice == 4) {
      return new Expr.If(
          expr(Kind.BOOL, depth - 1), expr(kind, depth - 1), expr(kind, depth - 1), NONE);
    }
    if (choice == 5 && kind != Kind.BOOL) {
      return binary(BinaryOperator.GET_TAG, Kind.ENTITY, Kind.STRING, depth);
    }
    return switch (kind) {
      case BOOL -> bool(depth);
      case LONG -> number(depth);
      case DATETIME -> time(depth);
      case DURATION -> duration(depth);
      case SET -> set(depth);
      case RECORD -> record(depth);
      case STRING, ENTITY, IP, DECIMAL -> literal(kind);
    };
  }

  private Expr literal(Kind kind) {
    return switch (kind) {
      case BOOL -> new Expr.Literal(BoolValue.of(random.nextBoolean()), NONE);
      case LONG -> new Expr.Literal(new LongValue(values.pick(RandomValues.LONGS)), NONE);
      case STRING -> new Expr.Literal(new StringValue(values.pick(RandomValues.STRINGS)), NONE);
      case ENTITY ->
          random.nextInt(3) == 0
              ? new Expr.Literal(values.uid(), NONE)
              : new Expr.Var(
                  values.pick(List.of(Variable.PRINCIPAL, Variable.ACTION, Variable.RESOURCE)),
                  NONE);
      case SET -> new Expr.SetOf(List.of(literal(Kind.LONG), literal(Kind.LONG)), NONE);
      case RECORD -> new Expr.Var(Variable.CONTEXT, NONE);
      case IP -> constructor(ExtensionFunction.IP, RandomValues.IPS, RandomValues.BAD_IPS);
      case DECIMAL ->
          constructor(ExtensionFunction.DECIMAL, RandomValues.DECIMALS, RandomValues.BAD_DECIMALS);
      case DATETIME ->
          constructor(
              ExtensionFunction.DATETIME, RandomValues.DATETIMES, RandomValues.BAD_DATETIMES);
      case DURATION ->
          constructor(
              ExtensionFunction.DURATION, RandomValues.DURATIONS, RandomValues.BAD_DURATIONS);
    };
  }

  private Expr constructor(ExtensionFunction function, List<String> good, List<String> bad) {
    String text = values.pick(random.nextInt(5) == 0 ? bad : good);
    return new Expr.Call(function, List.of(new Expr.Literal(new StringValue(text), NONE)), NONE);
  }

  private Expr attribute(Kind kind, int depth) {
    Expr target =
        random.nextBoolean() ? expr(Kind.RECORD, depth - 1) : expr(Kind.ENTITY, depth - 1);
    return new Expr.GetAttribute(target, kind.attribute(), NONE);
  }

  private Expr bool(int depth) {
    Kind kind = values.pick(KINDS);
    List<Supplier<Expr>> forms =
        List.of(
            () -> new Expr.And(several(2, depth), NONE),
            () -> new Expr.Or(several(2, depth), NONE),
            () -> new Expr.And(several(3, depth), NONE),
            () -> new Expr.Unary(UnaryOperator.NOT, expr(Kind.BOOL, depth - 1), NONE),
            () -> binary(BinaryOperator.EQUAL, kind, kind, depth),
            () -> binary(BinaryOperator.NOT_EQUAL, kind, kind, depth),
            () -> order(depth),
            () -> binary(BinaryOperator.IN, Kind.ENTITY, Kind.ENTITY, depth),
            () ->
                new Expr.Binary(
                    BinaryOperator.IN,
                    expr(Kind.ENTITY, depth - 1),
                    elements(Kind.ENTITY, depth),
                    NONE),
            () -> binary(BinaryOperator.CONTAINS, Kind.SET, kind, depth),
            () -> binary(BinaryOperator.CONTAINS_ALL, Kind.SET, Kind.SET, depth),
            () -> binary(BinaryOperator.CONTAINS_ANY, Kind.SET, Kind.SET, depth),
            () -> new Expr.Unary(UnaryOperator.IS_EMPTY, expr(Kind.SET, depth - 1), NONE),
            () -> binary(BinaryOperator.HAS_TAG, Kind.ENTITY, Kind.STRING, depth),
            () -> has(depth),
            () -> has(depth),
            () -> new Expr.Like(expr(Kind.STRING, depth - 1), pattern(), NONE),
            () -> is(depth),
            () -> extension(depth));
    return values.pick(forms).get();
  }

  private List<Expr> several(int count, int depth) {
    List<Expr> operands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Expr operand = expr(Kind.BOOL, depth - 1);
      // The first operand of a chain is no chain: parentheses there make no difference.
      boolean chain = operand instanceof Expr.And || operand instanceof Expr.Or;
      operands.add(i == 0 && chain ? new Expr.Unary(UnaryOperator.NOT, operand, NONE) : operand);
    }
    return operands;
  }

  private Expr binary(BinaryOperator operator, Kind left, Kind right, int depth) {
    return new Expr.Binary(operator, expr(left, depth - 1), expr(right, depth - 1), NONE);
  }

  private Expr order(int depth) {
    BinaryOperator operator =
        values.pick(
            List.of(
                BinaryOperator.LESS,
                BinaryOperator.LESS_EQUAL,
                BinaryOperator.GREATER,
                BinaryOperator.GREATER_EQUAL));
    Kind kind = values.pick(List.of(Kind.LONG, Kind.LONG, Kind.DATETIME, Kind.DURATION));
    return binary(operator, kind, kind, depth);
  }

  private Expr has(int depth) {
    List<String> path = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      path.add(random.nextInt(3) == 0 ? Kind.ENTITY.attribute() : Kind.RECORD.attribute());
    }
    path.add(values.pick(KINDS).attribute());
    Kind target = random.nextBoolean() ? Kind.RECORD : Kind.ENTITY;
    return new Expr.HasAttribute(expr(target, depth - 1), path, NONE);
  }

  private LikePattern pattern() {
    List<LikePattern.Part> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts.add(
          random.nextBoolean()
              ? LikePattern.Wildcard.ANY
              : new LikePattern.Text(values.pick(List.of("a", "b", "*", "é", "🐾", "aa", "\n"))));
    }
    return new LikePattern(parts);
  }

  private Expr is(int depth) {
    Optional<Expr> ancestor =
        random.nextInt(3) == 0 ? Optional.of(expr(Kind.ENTITY, depth - 1)) : Optional.empty();
    EntityType type = new EntityType(values.pick(RandomValues.TYPES));
    return new Expr.Is(expr(Kind.ENTITY, depth - 1), type, ancestor, NONE);
  }

  private Expr extension(int depth) {
    return values
        .<Supplier<Expr>>pick(
            List.of(
                () -> call(ExtensionFunction.IS_IPV4, depth, Kind.IP),
                () -> call(ExtensionFunction.IS_IPV6, depth, Kind.IP),
                () -> call(ExtensionFunction.IS_LOOPBACK, depth, Kind.IP),
                () -> call(ExtensionFunction.IS_MULTICAST, depth, Kind.IP),
                () -> call(ExtensionFunction.IS_IN_RANGE, depth, Kind.IP, Kind.IP),
                () -> call(ExtensionFunction.LESS_THAN, depth, Kind.DECIMAL, Kind.DECIMAL),
                () -> call(ExtensionFunction.LESS_THAN_OR_EQUAL, depth, Kind.DECIMAL, Kind.DECIMAL),
                () -> call(ExtensionFunction.GREATER_THAN, depth, Kind.DECIMAL, Kind.DECIMAL),
                () ->
                    call(
                        ExtensionFunction.GREATER_THAN_OR_EQUAL,
                        depth,
                        Kind.DECIMAL,
                        Kind.DECIMAL)))
        .get();
  }

  private Expr call(ExtensionFunction function, int depth, Kind... kinds) {
    List<Expr> arguments = new ArrayList<>();
    for (Kind kind : kinds) {
      arguments.add(expr(kind, depth - 1));
    }
    if (random.nextInt(60) == 0) {
      arguments.add(expr(Kind.LONG, depth - 1));
    }
    return new Expr.Call(function, arguments, NONE);
  }

  private Expr number(int depth) {
    return values
        .<Supplier<Expr>>pick(
            List.of(
                () -> binary(BinaryOperator.ADD, Kind.LONG, Kind.LONG, depth),
                () -> binary(BinaryOperator.SUBTRACT, Kind.LONG, Kind.LONG, depth),
                () -> binary(BinaryOperator.MULTIPLY, Kind.LONG, Kind.LONG, depth),
                () -> new Expr.Unary(UnaryOperator.NEGATE, expr(Kind.LONG, depth - 1), NONE),
                () -> call(ExtensionFunction.TO_MILLISECONDS, depth, Kind.DURATION),
                () -> call(ExtensionFunction.TO_SECONDS, depth, Kind.DURATION),
                () -> call(ExtensionFunction.TO_MINUTES, depth, Kind.DURATION),
                () -> call(ExtensionFunction.TO_HOURS, depth, Kind.DURATION),
                () -> call(ExtensionFunction.TO_DAYS, depth, Kind.DURATION)))
        .get();
  }

  private Expr time(int depth) {
    return random.nextBoolean()
        ? call(ExtensionFunction.OFFSET, depth, Kind.DATETIME, Kind.DURATION)
        : call(ExtensionFunction.TO_DATE, depth, Kind.DATETIME);
  }

  private Expr duration(int depth) {
    return random.nextBoolean()
        ? call(ExtensionFunction.DURATION_SINCE, depth, Kind.DATETIME, Kind.DATETIME)
        : call(ExtensionFunction.TO_TIME, depth, Kind.DATETIME);
  }

  private Expr set(int depth) {
    return elements(values.pick(KINDS), depth);
  }

  private Expr elements(Kind kind, int depth) {
    List<Expr> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(expr(kind, depth - 1));
    }
    return new Expr.SetOf(elements, NONE);
  }

  private Expr record(int depth) {
    Map<String, Expr> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Kind kind = values.pick(KINDS);
      fields.put(kind.attribute(), expr(kind, depth - 1));
    }
    return new Expr.RecordOf(
        fields.entrySet().stream()
            .map(field -> new Expr.Field(field.getKey(), field.getValue()))
            .toList(),
        NONE);
  }
}
