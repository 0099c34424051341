package io.margay.cedar.value;

import java.util.Optional;

/**
 * A number with four decimal places.
 *
 * @param scaled ten thousand times the number
 */
public record DecimalValue(long scaled) implements ExtensionValue, Comparable<DecimalValue> {
  private static final int PLACES = 4;
  private static final long SCALE = 10_000;

  /** The number that a text says: {@code -12.3456}. Empty when it says none, or one too large. */
  public static Optional<DecimalValue> parse(String text) {
    boolean negative = text.startsWith("-");
    int point = text.indexOf('.');
    String whole = point < 0 ? "" : text.substring(negative ? 1 : 0, point);
    String fraction = text.substring(point + 1);
    if (!Digits.areDigits(whole) || !Digits.areDigits(fraction) || fraction.length() > PLACES) {
      return Optional.empty();
    }
    try {
      // The sign goes in first: the least number has no positive counterpart.
      long wholeSigned = Long.parseLong(negative ? "-" + whole : whole);
      long part = Long.parseLong(fraction);
      for (int i = fraction.length(); i < PLACES; i++) {
        part *= 10;
      }
      return Optional.of(
          new DecimalValue(
              Math.addExact(Math.multiplyExact(wholeSigned, SCALE), negative ? -part : part)));
    } catch (NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(DecimalValue other) {
    return Long.compare(scaled, other.scaled);
  }

  @Override
  public String typeName() {
    return "decimal";
  }

  @Override
  public String constructor() {
    return "decimal";
  }

  @Override
  public String argument() {
    // The remainder may be negative even when the quotient is zero, so the sign is put by hand.
    return (scaled < 0 ? "-" : "")
        + Math.abs(scaled / SCALE)
        + "."
        + Long.toString(SCALE + Math.abs(scaled % SCALE)).substring(1);
  }

  @Override
  public String toString() {
    return "decimal(\"" + argument() + "\")";
  }
}
