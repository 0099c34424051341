package io.margay.cedar.ast;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The functions of the extension types. Constructors are called by name, the others as methods. */
public enum ExtensionFunction {
  IP("ip", 1, false),
  DECIMAL("decimal", 1, false),
  DATETIME("datetime", 1, false),
  DURATION("duration", 1, false),
  IS_IPV4("isIpv4", 1, true),
  IS_IPV6("isIpv6", 1, true),
  IS_LOOPBACK("isLoopback", 1, true),
  IS_MULTICAST("isMulticast", 1, true),
  IS_IN_RANGE("isInRange", 2, true),
  LESS_THAN("lessThan", 2, true),
  LESS_THAN_OR_EQUAL("lessThanOrEqual", 2, true),
  GREATER_THAN("greaterThan", 2, true),
  GREATER_THAN_OR_EQUAL("greaterThanOrEqual", 2, true),
  OFFSET("offset", 2, true),
  DURATION_SINCE("durationSince", 2, true),
  TO_DATE("toDate", 1, true),
  TO_TIME("toTime", 1, true),
  TO_MILLISECONDS("toMilliseconds", 1, true),
  TO_SECONDS("toSeconds", 1, true),
  TO_MINUTES("toMinutes", 1, true),
  TO_HOURS("toHours", 1, true),
  TO_DAYS("toDays", 1, true);

  private static final Map<String, ExtensionFunction> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(ExtensionFunction::text, Function.identity()));

  private final String text;
  private final int arity;
  private final boolean method;

  ExtensionFunction(String text, int arity, boolean method) {
    this.text = text;
    this.arity = arity;
    this.method = method;
  }

  public static Optional<ExtensionFunction> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** As written in policies: {@code isInRange}. */
  public String text() {
    return text;
  }

  /** How many arguments there are, the receiver of a method among them. */
  public int arity() {
    return arity;
  }

  /** Whether it is written {@code receiver.name(…)}. */
  public boolean isMethod() {
    return method;
  }

  /** Whether it makes a value of an extension type from text. */
  public boolean isConstructor() {
    return !method;
  }
}
