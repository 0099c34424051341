package io.margay.cedar.kernel;

import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.kernel.KernelMarks.Mark;
import io.margay.cedar.validate.PolicyWalk;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions in core form as formulas over what a kernel sees of one operation. What it does
 * not see becomes unknown, with the reason.
 *
 * @param report whether there is no principal yet, so that what depends on it alone is known later
 */
record Translator(Mark mark, boolean report) {
  private static final IpValue LOOPBACK_4 = ip("127.0.0.0/8");
  private static final IpValue LOOPBACK_6 = ip("::1/128");
  private static final IpValue MULTICAST_4 = ip("224.0.0.0/4");
  private static final IpValue MULTICAST_6 = ip("ff00::/8");
  private static final IpValue ALL_4 = ip("0.0.0.0/0");
  private static final IpValue ALL_6 = ip("::/0");

  private static IpValue ip(String text) {
    return IpValue.parse(text).orElseThrow();
  }

  Formula of(Expr expr) {
    return switch (expr) {
      case Expr.Literal(BoolValue(boolean value), _) -> new Formula.Constant(value);
      case Expr.And(List<Expr> operands, _) -> new Formula.And(all(operands));
      case Expr.Or(List<Expr> operands, _) -> new Formula.Or(all(operands));
      case Expr.If(Expr test, Expr then, Expr otherwise, _) ->
          new Formula.If(of(test), of(then), of(otherwise));
      case Expr.Unary(UnaryOperator operator, Expr operand, _) when operator == UnaryOperator.NOT ->
          new Formula.Not(of(operand));
      case Expr.Binary binary -> binary(binary);
      case Expr.Like(Expr target, LikePattern pattern, _) when isSeen(target, KernelMarks.PATH) ->
          new Formula.Test(like(pattern));
      case Expr.Call call -> call(call);
      case Expr.HasAttribute(Expr target, List<String> path, _)
          when isResource(target) && mark.sees(path.getFirst()) ->
          Formula.TRUE;
      case Expr.Is(Expr target, EntityType type, _, _) when isResource(target) ->
          new Formula.Constant(type.equals(mark.resource()));
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.Unary _,
          Expr.GetAttribute _,
          Expr.HasAttribute _,
          Expr.Like _,
          Expr.Is _,
          Expr.SetOf _,
          Expr.RecordOf _ ->
          unknown(expr);
    };
  }

  private List<Formula> all(List<Expr> exprs) {
    return exprs.stream().map(this::of).toList();
  }

  private static boolean isResource(Expr expr) {
    return expr instanceof Expr.Var(Variable variable, _) && variable == Variable.RESOURCE;
  }

  private boolean isSeen(Expr expr, String attribute) {
    return expr instanceof Expr.GetAttribute(Expr target, String name, _)
        && isResource(target)
        && name.equals(attribute)
        && mark.sees(attribute);
  }

  private static Match like(LikePattern pattern) {
    List<LikePattern.Part> parts = pattern.parts();
    if (parts.isEmpty()) {
      return new Match.PathIs("");
    }
    if (parts.size() == 1 && parts.getFirst() instanceof LikePattern.Text(String text)) {
      return new Match.PathIs(text);
    }
    boolean below =
        parts.size() == 2
            && parts.getLast() instanceof LikePattern.Wildcard
            && parts.getFirst() instanceof LikePattern.Text(String text)
            && text.endsWith("/");
    return below && parts.getFirst() instanceof LikePattern.Text(String directory)
        ? new Match.PathBeneath(directory)
        : new Match.PathLike(pattern);
  }

  private Formula binary(Expr.Binary binary) {
    Formula known =
        switch (binary.operator()) {
          case EQUAL -> {
            Formula one = equal(binary.left(), binary.right());
            yield one == null ? equal(binary.right(), binary.left()) : one;
          }
          case LESS -> order(binary, false);
          case LESS_EQUAL -> order(binary, true);
          case CONTAINS -> contains(binary.left(), binary.right());
          case NOT_EQUAL,
              GREATER,
              GREATER_EQUAL,
              IN,
              ADD,
              SUBTRACT,
              MULTIPLY,
              CONTAINS_ALL,
              CONTAINS_ANY,
              GET_TAG,
              HAS_TAG ->
              null;
        };
    return known == null ? unknown(binary) : known;
  }

  private @Nullable Formula equal(Expr seen, Expr other) {
    Value value = literal(other);
    return value == null ? null : equal(seen, value);
  }

  private @Nullable Formula equal(Expr seen, Value value) {
    if (isSeen(seen, KernelMarks.PATH) && value instanceof StringValue(String path)) {
      return new Formula.Test(new Match.PathIs(path));
    }
    if (isSeen(seen, KernelMarks.PORT) && value instanceof LongValue(long port)) {
      return new Formula.Test(new Match.PortIn(port, port));
    }
    if (isSeen(seen, KernelMarks.ADDRESS) && value instanceof IpValue address) {
      // The kernel sees single addresses, which no range equals.
      boolean single = address.prefix() == (address.v6() ? 128 : 32);
      return single ? new Formula.Test(new Match.AddressIn(address)) : Formula.FALSE;
    }
    return null;
  }

  private @Nullable Formula order(Expr.Binary binary, boolean orEqual) {
    if (isSeen(binary.left(), KernelMarks.PORT)
        && literal(binary.right()) instanceof LongValue(long high)) {
      return orEqual || high > Long.MIN_VALUE
          ? ports(Long.MIN_VALUE, orEqual ? high : high - 1)
          : Formula.FALSE;
    }
    if (isSeen(binary.right(), KernelMarks.PORT)
        && literal(binary.left()) instanceof LongValue(long low)) {
      return orEqual || low < Long.MAX_VALUE
          ? ports(orEqual ? low : low + 1, Long.MAX_VALUE)
          : Formula.FALSE;
    }
    return null;
  }

  private static Formula ports(long low, long high) {
    return new Formula.Test(new Match.PortIn(low, high));
  }

  /** {@code ["/a", "/b"].contains(resource.path)}: one test for each element. */
  private @Nullable Formula contains(Expr set, Expr seen) {
    List<Formula> tests = new ArrayList<>();
    for (Expr element : elements(set)) {
      Formula test = equal(seen, element);
      if (test == null) {
        return null;
      }
      tests.add(test);
    }
    boolean isSet = set instanceof Expr.SetOf || set instanceof Expr.Literal(SetValue _, _);
    boolean isSeen =
        List.of(KernelMarks.PATH, KernelMarks.PORT, KernelMarks.ADDRESS).stream()
            .anyMatch(attribute -> isSeen(seen, attribute));
    return isSet && isSeen ? new Formula.Or(tests) : null;
  }

  private static Collection<Expr> elements(Expr set) {
    if (set instanceof Expr.SetOf(List<Expr> elements, _)) {
      return elements;
    }
    return set instanceof Expr.Literal(SetValue values, Span span)
        ? values.elements().stream().map(v -> (Expr) new Expr.Literal(v, span)).toList()
        : List.of();
  }

  private Formula call(Expr.Call call) {
    if (call.arguments().isEmpty() || !isSeen(call.arguments().getFirst(), KernelMarks.ADDRESS)) {
      return unknown(call);
    }
    return switch (call.function()) {
      case IS_IN_RANGE ->
          call.arguments().size() == 2 && literal(call.arguments().get(1)) instanceof IpValue range
              ? new Formula.Test(new Match.AddressIn(range))
              : unknown(call);
      case IS_LOOPBACK -> either(LOOPBACK_4, LOOPBACK_6);
      case IS_MULTICAST -> either(MULTICAST_4, MULTICAST_6);
      case IS_IPV4 -> new Formula.Test(new Match.AddressIn(ALL_4));
      case IS_IPV6 -> new Formula.Test(new Match.AddressIn(ALL_6));
      case IP,
          DECIMAL,
          DATETIME,
          DURATION,
          LESS_THAN,
          LESS_THAN_OR_EQUAL,
          GREATER_THAN,
          GREATER_THAN_OR_EQUAL,
          OFFSET,
          DURATION_SINCE,
          TO_DATE,
          TO_TIME,
          TO_MILLISECONDS,
          TO_SECONDS,
          TO_MINUTES,
          TO_HOURS,
          TO_DAYS ->
          unknown(call);
    };
  }

  private static Formula either(IpValue one, IpValue other) {
    return new Formula.Or(
        List.of(
            new Formula.Test(new Match.AddressIn(one)),
            new Formula.Test(new Match.AddressIn(other))));
  }

  private static @Nullable Value literal(Expr expr) {
    if (expr instanceof Expr.Literal(Value value, _)) {
      return value;
    }
    boolean address =
        expr instanceof Expr.Call(ExtensionFunction function, List<Expr> arguments, _)
            && function == ExtensionFunction.IP
            && arguments.size() == 1;
    return address
            && expr instanceof Expr.Call call
            && call.arguments().getFirst() instanceof Expr.Literal(StringValue(String text), _)
        ? IpValue.parse(text).orElse(null)
        : null;
  }

  private Formula unknown(Expr expr) {
    Set<Variable> variables = EnumSet.noneOf(Variable.class);
    Set<String> unseen = new TreeSet<>();
    PolicyWalk.visit(
        expr,
        part -> {
          if (part instanceof Expr.Var(Variable variable, _)) {
            variables.add(variable);
          } else if (part instanceof Expr.GetAttribute(Expr target, String name, _)
              && isResource(target)
              && !mark.sees(name)) {
            unseen.add(name);
          }
        });
    if (variables.contains(Variable.CONTEXT)) {
      return unknown("the context is known at the gateway only", expr);
    }
    if (!unseen.isEmpty()) {
      return unknown(unseen(unseen.iterator().next()), expr);
    }
    if (variables.contains(Variable.RESOURCE)) {
      return unknown(
          mark.operation().isFile()
              ? "the kernel sees paths, not entities and their groups, and compares them only"
              : "the kernel sees addresses and ports, not entities, and compares them only",
          expr);
    }
    return report
        ? new Formula.AtLaunch()
        : unknown("it cannot be evaluated for this principal", expr);
  }

  private String unseen(String attribute) {
    if (attribute.equals("host")) {
      return "the kernel sees addresses, not the names of hosts; only trusted DNS could pin them";
    }
    return "the kernel does not see the attribute " + attribute;
  }

  private static Formula unknown(String reason, Expr expr) {
    return new Formula.Unknown(reason, expr.span(), mayFail(expr));
  }

  /**
   * True where a validated expression may still fail: overflow, and entities that do not exist. The
   * resource of a kernel-enforced action exists, and a context is there.
   */
  private static boolean mayFail(Expr expr) {
    boolean itself =
        switch (expr) {
          case Expr.GetAttribute(Expr target, _, _) -> !(target instanceof Expr.Var);
          case Expr.Binary(BinaryOperator operator, _, _, _) ->
              switch (operator) {
                case ADD, SUBTRACT, MULTIPLY, GET_TAG -> true;
                case EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_EQUAL,
                    GREATER,
                    GREATER_EQUAL,
                    IN,
                    CONTAINS,
                    CONTAINS_ALL,
                    CONTAINS_ANY,
                    HAS_TAG ->
                    false;
              };
          case Expr.Unary(UnaryOperator operator, _, _) -> operator == UnaryOperator.NEGATE;
          case Expr.Call _ -> true;
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
    return itself || PolicyWalk.parts(expr).stream().anyMatch(Translator::mayFail);
  }
}
