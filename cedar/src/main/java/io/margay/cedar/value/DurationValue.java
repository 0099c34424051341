package io.margay.cedar.value;

import java.util.Optional;

/**
 * A span of time.
 *
 * @param millis may be negative
 */
public record DurationValue(long millis) implements ExtensionValue, Comparable<DurationValue> {
  private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
  private static final long[] UNIT_MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  /**
   * The duration that a text says: {@code -1d2h3m4s5ms}, units in this order, each at most once.
   * Empty when it says none, or one too long.
   */
  public static Optional<DurationValue> parse(String text) {
    boolean negative = text.startsWith("-");
    int position = negative ? 1 : 0;
    if (position == text.length()) {
      return Optional.empty();
    }
    // Adding up starts with the least unit, since sums that come out right may overflow otherwise.
    long[] amounts = new long[UNITS.length];
    int unit = 0;
    while (position < text.length()) {
      int digits = Digits.count(text, position);
      int end = position + digits;
      while (unit < UNITS.length && !isUnit(text, end, UNITS[unit])) {
        unit++;
      }
      if (digits == 0 || unit == UNITS.length) {
        return Optional.empty();
      }
      Optional<Long> amount = signed(text.substring(position, end), negative);
      if (amount.isEmpty()) {
        return Optional.empty();
      }
      amounts[unit] = amount.get();
      position = end + UNITS[unit].length();
      unit++;
    }
    return sum(amounts);
  }

  /** {@code 5ms} has the unit {@code ms}, not {@code m}. */
  private static boolean isUnit(String text, int at, String unit) {
    int end = at + unit.length();
    return text.startsWith(unit, at) && (end == text.length() || Digits.count(text, end) > 0);
  }

  private static Optional<Long> signed(String digits, boolean negative) {
    try {
      return Optional.of(Long.parseLong(negative ? "-" + digits : digits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<DurationValue> sum(long[] amounts) {
    try {
      long millis = 0;
      for (int i = amounts.length - 1; i >= 0; i--) {
        millis = Math.addExact(millis, Math.multiplyExact(amounts[i], UNIT_MILLIS[i]));
      }
      return Optional.of(new DurationValue(millis));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(DurationValue other) {
    return Long.compare(millis, other.millis);
  }

  @Override
  public String typeName() {
    return "duration";
  }

  @Override
  public String constructor() {
    return "duration";
  }

  @Override
  public String argument() {
    return millis + "ms";
  }

  @Override
  public String toString() {
    return "duration(\"" + argument() + "\")";
  }
}
