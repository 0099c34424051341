package io.margay.cedar.eval;

import io.margay.cedar.ast.ExtensionFunction;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.Value;
import java.util.Optional;

/** What extension functions do. All methods throw {@link EvaluationException}. */
public final class ExtensionCalls {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private ExtensionCalls() {}

  /**
   * Calls a function.
   *
   * @param arguments a method's receiver is the first
   * @throws EvaluationException when number, types or contents of the arguments do not fit
   */
  public static Value call(ExtensionFunction function, Value[] arguments, Span span) {
    if (arguments.length != function.arity()) {
      throw new EvaluationException(
          span,
          function.text()
              + ": expected "
              + function.arity()
              + " arguments, got "
              + arguments.length);
    }
    Value first = arguments[0];
    return switch (function) {
      case IP ->
          made(
              IpValue.parse(Types.string(first, span)),
              first,
              span,
              "IP address or range, like 10.0.0.1 or 10.0.0.0/8");
      case DECIMAL ->
          made(
              DecimalValue.parse(Types.string(first, span)),
              first,
              span,
              "decimal, like 12.34, with one to four digits behind the point, within range");
      case DATETIME ->
          made(
              DatetimeValue.parse(Types.string(first, span)),
              first,
              span,
              "time, like 2026-11-27 or 2026-11-27T19:30:00Z");
      case DURATION ->
          made(
              DurationValue.parse(Types.string(first, span)),
              first,
              span,
              "duration, like 1d2h3m4s5ms, within range");
      case IS_IPV4 -> BoolValue.of(!Types.ip(first, span).v6());
      case IS_IPV6 -> BoolValue.of(Types.ip(first, span).v6());
      case IS_LOOPBACK -> BoolValue.of(Types.ip(first, span).isLoopback());
      case IS_MULTICAST -> BoolValue.of(Types.ip(first, span).isMulticast());
      case IS_IN_RANGE ->
          BoolValue.of(Types.ip(first, span).isInRange(Types.ip(arguments[1], span)));
      case LESS_THAN -> BoolValue.of(order(first, arguments[1], span) < 0);
      case LESS_THAN_OR_EQUAL -> BoolValue.of(order(first, arguments[1], span) <= 0);
      case GREATER_THAN -> BoolValue.of(order(first, arguments[1], span) > 0);
      case GREATER_THAN_OR_EQUAL -> BoolValue.of(order(first, arguments[1], span) >= 0);
      case OFFSET -> offset(Types.datetime(first, span), Types.duration(arguments[1], span), span);
      case DURATION_SINCE ->
          since(Types.datetime(first, span), Types.datetime(arguments[1], span), span);
      case TO_DATE ->
          Types.datetime(first, span)
              .toDate()
              .orElseThrow(() -> new EvaluationException(span, "toDate: out of range"));
      case TO_TIME -> Types.datetime(first, span).toTime();
      case TO_MILLISECONDS -> units(first, 1, span);
      case TO_SECONDS -> units(first, SECOND, span);
      case TO_MINUTES -> units(first, MINUTE, span);
      case TO_HOURS -> units(first, HOUR, span);
      case TO_DAYS -> units(first, DAY, span);
    };
  }

  private static Value made(
      Optional<? extends Value> value, Value argument, Span span, String what) {
    if (value.isPresent()) {
      return value.get();
    }
    throw new EvaluationException(span, argument + " is not a valid " + what);
  }

  private static int order(Value left, Value right, Span span) {
    return Types.decimal(left, span).compareTo(Types.decimal(right, span));
  }

  private static Value offset(DatetimeValue time, DurationValue by, Span span) {
    try {
      return new DatetimeValue(Math.addExact(time.epochMillis(), by.millis()));
    } catch (ArithmeticException e) {
      throw new EvaluationException(span, "offset: out of range");
    }
  }

  private static Value since(DatetimeValue time, DatetimeValue start, Span span) {
    try {
      return new DurationValue(Math.subtractExact(time.epochMillis(), start.epochMillis()));
    } catch (ArithmeticException e) {
      throw new EvaluationException(span, "durationSince: out of range");
    }
  }

  private static Value units(Value value, long unit, Span span) {
    return new LongValue(Types.duration(value, span).millis() / unit);
  }
}
