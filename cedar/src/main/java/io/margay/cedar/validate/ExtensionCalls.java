package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.schema.Type;
import io.margay.cedar.schema.Type.Extension;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Calls of extension functions. */
final class ExtensionCalls {
  /** What a function takes and gives. */
  private record Signature(List<Type> arguments, Type result) {
    static Signature of(Type result, Type... arguments) {
      return new Signature(List.of(arguments), result);
    }
  }

  /** Functions that make a value from text: which texts they take, and one to copy. */
  private record Constructor(Predicate<String> takes, String advice) {}

  private static final Map<ExtensionFunction, Constructor> CONSTRUCTORS =
      Map.of(
          ExtensionFunction.IP,
          new Constructor(
              text -> IpValue.parse(text).isPresent(), "write an address or a range: 10.0.0.0/8"),
          ExtensionFunction.DECIMAL,
          new Constructor(
              text -> DecimalValue.parse(text).isPresent(),
              "write a point with one to four digits after it: 1.5"),
          ExtensionFunction.DATETIME,
          new Constructor(
              text -> DatetimeValue.parse(text).isPresent(),
              "write a date, or a date with a time: 2026-01-31T12:00:00Z"),
          ExtensionFunction.DURATION,
          new Constructor(
              text -> DurationValue.parse(text).isPresent(),
              "write days, hours, minutes, seconds and milliseconds in this order: 1d12h"));

  private final EnvironmentChecker checker;

  ExtensionCalls(EnvironmentChecker checker) {
    this.checker = checker;
  }

  private static Signature signature(ExtensionFunction function) {
    return switch (function) {
      case IP -> Signature.of(Extension.IPADDR, Simple.STRING);
      case DECIMAL -> Signature.of(Extension.DECIMAL, Simple.STRING);
      case DATETIME -> Signature.of(Extension.DATETIME, Simple.STRING);
      case DURATION -> Signature.of(Extension.DURATION, Simple.STRING);
      case IS_IPV4, IS_IPV6, IS_LOOPBACK, IS_MULTICAST ->
          Signature.of(Simple.BOOL, Extension.IPADDR);
      case IS_IN_RANGE -> Signature.of(Simple.BOOL, Extension.IPADDR, Extension.IPADDR);
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          Signature.of(Simple.BOOL, Extension.DECIMAL, Extension.DECIMAL);
      case OFFSET -> Signature.of(Extension.DATETIME, Extension.DATETIME, Extension.DURATION);
      case DURATION_SINCE ->
          Signature.of(Extension.DURATION, Extension.DATETIME, Extension.DATETIME);
      case TO_DATE -> Signature.of(Extension.DATETIME, Extension.DATETIME);
      case TO_TIME -> Signature.of(Extension.DURATION, Extension.DATETIME);
      case TO_MILLISECONDS, TO_SECONDS, TO_MINUTES, TO_HOURS, TO_DAYS ->
          Signature.of(Simple.LONG, Extension.DURATION);
    };
  }

  Answer call(Capabilities prior, Expr.Call call) {
    Signature signature = signature(call.function());
    boolean counted = call.arguments().size() == signature.arguments().size();
    if (!counted) {
      checker.report(
          Kind.WRONG_ARGUMENT_COUNT,
          call.span(),
          call.function().text()
              + " takes "
              + signature.arguments().size()
              + " arguments, not "
              + call.arguments().size(),
          "");
    }
    // All three are told, so that one run of the validator shows them together.
    Constructor constructor = CONSTRUCTORS.get(call.function());
    boolean literals = constructor == null || checkConstructor(call, constructor);
    boolean proper = counted && literals;
    List<TypedExpr> parts = new ArrayList<>();
    boolean ok = proper;
    for (int i = 0; i < call.arguments().size(); i++) {
      Expr argument = call.arguments().get(i);
      Answer answer =
          proper
              ? checker.expect(prior, argument, signature.arguments().get(i), actual -> "")
              : checker.check(prior, argument);
      ok &= answer.ok();
      parts.add(answer.typed());
    }
    return Answer.success(call, signature.result(), parts).given(ok);
  }

  private boolean checkConstructor(Expr.Call call, Constructor constructor) {
    boolean ok = true;
    if (call.arguments().size() == 1
        && call.arguments().getFirst() instanceof Expr.Literal(StringValue(String text), _)
        && !constructor.takes().test(text)) {
      checker.report(
          Kind.INVALID_ARGUMENT,
          call.span(),
          "\"" + text + "\" is no " + signature(call.function()).result(),
          constructor.advice());
      ok = false;
    }
    if (checker.strict() && !call.arguments().stream().allMatch(Expr.Literal.class::isInstance)) {
      checker.report(
          Kind.CONSTRUCTOR_NEEDS_LITERAL,
          call.span(),
          call.function().text() + " takes a literal in policies",
          "make the value where entities and contexts are made");
      ok = false;
    }
    return ok;
  }
}
