package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.TypeLattice.Bound;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Typechecks expressions in core form in one request environment. Problems go to a set that all
 * environments share: most mistakes show in each of them.
 */
final class EnvironmentChecker {
  /** Core form adds a little depth to a tree that the parser has let through. */
  private static final int MAX_DEPTH = 2 * Expr.MAX_DEPTH;

  final Schema schema;
  final ValidationMode mode;
  final TypeLattice lattice;
  final RequestEnvironment environment;
  private final String policyId;
  private final Set<ValidationProblem> problems;
  private final Connectives connectives = new Connectives(this);
  private final Access access = new Access(this);
  private final Operators operators = new Operators(this);
  private final ExtensionCalls calls = new ExtensionCalls(this);
  private int depth;

  EnvironmentChecker(
      Schema schema,
      ValidationMode mode,
      RequestEnvironment environment,
      String policyId,
      Set<ValidationProblem> problems) {
    this.schema = schema;
    this.mode = mode;
    this.lattice = new TypeLattice(mode);
    this.environment = environment;
    this.policyId = policyId;
    this.problems = problems;
  }

  boolean strict() {
    return mode == ValidationMode.STRICT;
  }

  void report(Kind kind, Span span, String message, String suggestion) {
    problems.add(new ValidationProblem(policyId, kind, message, suggestion, span));
  }

  /** Checks a whole condition, which must be a Bool. */
  Answer checkCondition(Expr condition) {
    return expect(Capabilities.NONE, condition, Simple.BOOL, actual -> "");
  }

  Answer check(Capabilities prior, Expr expr) {
    if (depth >= MAX_DEPTH) {
      report(Kind.TOO_DEEP, expr.span(), "the expression nests too deeply", "split the policy");
      return Answer.failure(expr, null, List.of());
    }
    depth++;
    try {
      return dispatch(prior, expr);
    } finally {
      depth--;
    }
  }

  private Answer dispatch(Capabilities prior, Expr expr) {
    return switch (expr) {
      case Expr.Literal literal -> typed(expr, LiteralTypes.of(literal.value(), this));
      case Expr.Var(Variable variable, _) -> typed(expr, variable(variable));
      case Expr.SlotRef(Slot slot, _) -> typed(expr, slot(slot));
      case Expr.If choice -> connectives.choice(prior, choice);
      case Expr.And and -> connectives.and(prior, and);
      case Expr.Or or -> connectives.or(prior, or);
      case Expr.Unary unary -> unary(prior, unary);
      case Expr.Binary binary -> operators.binary(prior, binary);
      case Expr.Call call -> calls.call(prior, call);
      case Expr.GetAttribute get -> access.getAttribute(prior, get);
      case Expr.HasAttribute has -> access.hasAttribute(prior, has);
      case Expr.Like like -> like(prior, like);
      case Expr.Is is -> is(prior, is);
      case Expr.SetOf set -> set(prior, set);
      case Expr.RecordOf record -> record(prior, record);
    };
  }

  private static Answer typed(Expr expr, @Nullable Type type) {
    return type == null
        ? Answer.failure(expr, null, List.of())
        : Answer.success(expr, type, List.of());
  }

  private @Nullable Type variable(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> Type.Entity.of(environment.principal());
      case ACTION -> LiteralTypes.of(environment.action(), this);
      case RESOURCE -> Type.Entity.of(environment.resource());
      case CONTEXT -> environment.context();
    };
  }

  private Type slot(Slot slot) {
    EntityType filled = environment.slots().get(slot);
    return filled == null ? Simple.ANY_ENTITY : Type.Entity.of(filled);
  }

  /** Checks an expression that must have one type; {@code help} says what to do about another. */
  Answer expect(Capabilities prior, Expr expr, Type wanted, Function<Type, String> help) {
    return expectOneOf(prior, expr, List.of(wanted), help);
  }

  Answer expectOneOf(
      Capabilities prior, Expr expr, List<Type> wanted, Function<Type, String> help) {
    Answer answer = check(prior, expr);
    Type actual = answer.type();
    if (actual == null) {
      return answer.given(false);
    }
    // Which types an operator takes does not depend on the mode.
    TypeLattice permissive = new TypeLattice(ValidationMode.PERMISSIVE);
    if (wanted.stream().anyMatch(type -> permissive.isSubtype(actual, type))) {
      return answer;
    }
    reportUnexpected(expr, wanted, actual, help.apply(actual));
    return new Answer(answer.typed().untyped(), Capabilities.NONE, false);
  }

  void reportUnexpected(Expr expr, List<Type> wanted, Type actual, String help) {
    String expected = wanted.stream().map(Type::toString).collect(Collectors.joining(" or "));
    report(
        Kind.UNEXPECTED_TYPE,
        expr.span(),
        "expected " + expected + ", but this is " + actual,
        help);
  }

  private Answer unary(Capabilities prior, Expr.Unary unary) {
    Simple operandType =
        switch (unary.operator()) {
          case NOT -> Simple.BOOL;
          case NEGATE -> Simple.LONG;
          case IS_EMPTY -> Simple.ANY_SET;
        };
    Answer operand =
        expect(
            prior,
            unary.operand(),
            operandType,
            actual ->
                unary.operator() == UnaryOperator.IS_EMPTY && actual == Simple.STRING
                    ? "compare a string with \"\" to see whether it is empty"
                    : "");
    List<TypedExpr> parts = List.of(operand.typed());
    return switch (unary.operator()) {
      case NEGATE -> Answer.success(unary, Simple.LONG, parts).given(operand.ok());
      case IS_EMPTY -> Answer.success(unary, Simple.BOOL, parts).given(operand.ok());
      case NOT ->
          operand.type() == null
              ? Answer.failure(unary, Simple.BOOL, parts)
              : Answer.success(unary, negated(operand.type()), parts).given(operand.ok());
    };
  }

  private static Type negated(Type type) {
    if (type == Simple.TRUE) {
      return Simple.FALSE;
    }
    return type == Simple.FALSE ? Simple.TRUE : Simple.BOOL;
  }

  private Answer like(Capabilities prior, Expr.Like like) {
    Answer target =
        expect(
            prior,
            like.target(),
            Simple.STRING,
            actual -> TypeLattice.isEntity(actual) ? "use is to test the type of an entity" : "");
    return Answer.success(like, Simple.BOOL, List.of(target.typed())).given(target.ok());
  }

  private Answer is(Capabilities prior, Expr.Is is) {
    Answer target =
        expect(
            prior,
            is.target(),
            Simple.ANY_ENTITY,
            actual -> "only the types of entities can be tested");
    List<TypedExpr> parts = List.of(target.typed());
    Type type = target.type();
    if (type instanceof Type.Entity entity) {
      Simple result = Simple.FALSE;
      if (entity.names().contains(is.type())) {
        result = entity.isOnly(is.type()) ? Simple.TRUE : Simple.BOOL;
      }
      return Answer.success(is, result, parts).given(target.ok());
    }
    return type == Simple.ANY_ENTITY
        ? Answer.success(is, Simple.BOOL, parts).given(target.ok())
        : Answer.failure(is, Simple.BOOL, parts);
  }

  private Answer set(Capabilities prior, Expr.SetOf set) {
    List<TypedExpr> parts = new ArrayList<>();
    boolean ok = true;
    for (Expr element : set.elements()) {
      Answer answer = check(prior, element);
      ok &= answer.ok();
      parts.add(answer.typed());
    }
    if (parts.isEmpty() && strict()) {
      report(
          Kind.EMPTY_SET,
          set.span(),
          "an empty set has no element type",
          "use isEmpty() to test for emptiness, or keep the set in an attribute");
      return Answer.failure(set, null, parts);
    }
    Type element = boundOrReport(set, parts, "the elements of a set");
    return element == null
        ? Answer.failure(set, null, parts)
        : Answer.success(set, new Type.SetOf(element), parts).given(ok);
  }

  private Answer record(Capabilities prior, Expr.RecordOf record) {
    SortedMap<String, Type.Attribute> attributes = new TreeMap<>();
    List<TypedExpr> parts = new ArrayList<>();
    boolean ok = true;
    boolean complete = true;
    for (Expr.Field field : record.fields()) {
      Answer answer = check(prior, field.value());
      ok &= answer.ok();
      parts.add(answer.typed());
      Type type = answer.type();
      if (type == null) {
        complete = false;
      } else {
        attributes.put(field.name(), new Type.Attribute(type, true));
      }
    }
    return complete
        ? Answer.success(record, Type.Record.closed(attributes), parts).given(ok)
        : Answer.failure(record, null, parts);
  }

  /** The upper bound of typed expressions; null where one has no type, or there is none. */
  @Nullable Type boundOrReport(Expr expr, List<TypedExpr> parts, String what) {
    List<Type> types = new ArrayList<>();
    for (TypedExpr part : parts) {
      Type type = part.type();
      if (type == null) {
        return null;
      }
      types.add(type);
    }
    return switch (lattice.upperBound(types)) {
      case Bound.Found(Type type) -> type;
      case Bound.Missing(TypeLattice.Clash clash) -> {
        reportIncompatible(expr, types, clash, what);
        yield null;
      }
    };
  }

  void reportIncompatible(Expr expr, List<Type> types, TypeLattice.Clash clash, String what) {
    String listed =
        types.stream().map(Type::toString).distinct().collect(Collectors.joining(" and "));
    report(
        Kind.INCOMPATIBLE_TYPES,
        expr.span(),
        what + " must have compatible types, not " + listed,
        clash.toString());
  }
}
