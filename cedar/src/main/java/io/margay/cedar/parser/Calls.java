package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.BinaryOperator;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.UnaryOperator;
import io.margay.cedar.ast.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What names with parentheses mean. The number of arguments of extension functions is not looked at
 * here: a wrong one is the validator's to report, and an error of evaluation.
 */
final class Calls {
  private static final List<String> METHODS =
      Stream.of(
              Arrays.stream(BinaryOperator.values())
                  .filter(BinaryOperator::isMethod)
                  .map(BinaryOperator::text),
              Stream.of(UnaryOperator.IS_EMPTY.text()),
              functions(true))
          .flatMap(names -> names)
          .toList();
  private static final List<String> CONSTRUCTORS = functions(false).toList();
  private static final List<String> VARIABLES =
      Arrays.stream(Variable.values()).map(Variable::text).toList();

  private Calls() {}

  private static Stream<String> functions(boolean methods) {
    return Arrays.stream(ExtensionFunction.values())
        .filter(function -> function.isMethod() == methods)
        .map(ExtensionFunction::text);
  }

  static Expr method(Expr receiver, String name, Span nameSpan, List<Expr> arguments, Span span) {
    if (name.equals(UnaryOperator.IS_EMPTY.text())) {
      checkCount(name, 0, arguments, span);
      return new Expr.Unary(UnaryOperator.IS_EMPTY, receiver, span);
    }
    for (BinaryOperator operator : BinaryOperator.values()) {
      if (operator.isMethod() && operator.text().equals(name)) {
        checkCount(name, 1, arguments, span);
        return new Expr.Binary(operator, receiver, arguments.getFirst(), span);
      }
    }
    Optional<ExtensionFunction> function = ExtensionFunction.named(name);
    if (function.isEmpty()) {
      throw new CedarParseException(
          nameSpan, "not a method of Cedar", NearMiss.suggestion(name, METHODS));
    }
    if (!function.get().isMethod()) {
      throw new CedarParseException(nameSpan, "a function, not a method", "write " + name + "(…)");
    }
    List<Expr> all = new ArrayList<>(arguments.size() + 1);
    all.add(receiver);
    all.addAll(arguments);
    return new Expr.Call(function.get(), all, span);
  }

  private static void checkCount(String name, int expected, List<Expr> arguments, Span span) {
    if (arguments.size() != expected) {
      throw new CedarParseException(
          span,
          name + " with " + arguments.size() + " arguments",
          "it takes " + (expected == 0 ? "none" : "one"));
    }
  }

  /** Refuses to call what is no function, before its arguments are read. */
  static void checkFunction(String name, Span span, boolean isVariable) {
    if (CONSTRUCTORS.contains(name)) {
      return;
    }
    if (isVariable) {
      throw new CedarParseException(span, "a variable, not a function", "remove the parentheses");
    }
    if (METHODS.contains(name)) {
      throw new CedarParseException(
          span, "a method, not a function", "write value." + name + "(…)");
    }
    String suggestion = NearMiss.suggestion(name, CONSTRUCTORS);
    throw new CedarParseException(
        span,
        "not a function of Cedar",
        suggestion.isEmpty() ? "the functions are " + String.join(", ", CONSTRUCTORS) : suggestion);
  }

  static Expr function(String name, List<Expr> arguments, Span span) {
    return new Expr.Call(ExtensionFunction.named(name).orElseThrow(), arguments, span);
  }

  static CedarParseException unknownName(String name, Span span) {
    String suggestion = NearMiss.suggestion(name, VARIABLES);
    return new CedarParseException(
        span,
        "not a variable",
        suggestion.isEmpty()
            ? "the variables are principal, action, resource and context; put a text in quotes, and"
                + " write an entity "
                + name
                + "::\"id\""
            : suggestion);
  }
}
