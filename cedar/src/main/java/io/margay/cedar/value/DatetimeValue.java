package io.margay.cedar.value;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time.
 *
 * @param epochMillis milliseconds since 1970-01-01T00:00:00Z; may be negative
 */
public record DatetimeValue(long epochMillis) implements ExtensionValue, Comparable<DatetimeValue> {
  private static final long DAY_MILLIS = 86_400_000;

  // Used with matches(), which takes the whole text: $ would pass over a newline at the end.
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{3}))?"
              + "(?:Z|([+-])([0-9]{2})([0-9]{2})))?");

  /**
   * The time that a text says: {@code 2026-11-27}, {@code 2026-11-27T19:30:00Z}, {@code
   * 2026-11-27T19:30:00.250+0100}. Empty when it says none.
   */
  public static Optional<DatetimeValue> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
      long millis = date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      if (matcher.group(4) == null) {
        return Optional.of(new DatetimeValue(millis));
      }
      LocalTime time = LocalTime.of(number(matcher, 4), number(matcher, 5), number(matcher, 6));
      millis += time.toSecondOfDay() * 1_000L + number(matcher, 7);
      int hours = number(matcher, 9);
      int minutes = number(matcher, 10);
      if (hours > 23 || minutes > 59) {
        return Optional.empty();
      }
      long offset = (hours * 60L + minutes) * 60_000;
      return Optional.of(
          new DatetimeValue("-".equals(matcher.group(8)) ? millis + offset : millis - offset));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A group of digits; 0 when it is left out. */
  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** The start of this time's day, also before 1970. Empty when it is out of range. */
  public Optional<DatetimeValue> toDate() {
    try {
      return Optional.of(
          new DatetimeValue(
              Math.subtractExact(epochMillis, Math.floorMod(epochMillis, DAY_MILLIS))));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** How far this time is into its day. */
  public DurationValue toTime() {
    return new DurationValue(Math.floorMod(epochMillis, DAY_MILLIS));
  }

  @Override
  public int compareTo(DatetimeValue other) {
    return Long.compare(epochMillis, other.epochMillis);
  }

  @Override
  public String typeName() {
    return "datetime";
  }

  @Override
  public String constructor() {
    return "datetime";
  }

  /** A text that {@link #parse} reads back; only times of the years 0 to 9999 have one. */
  @Override
  public String argument() {
    return TimeText.of(epochMillis);
  }

  /** Written as an offset from 1970, which every time has. */
  @Override
  public String toString() {
    return "datetime(\"1970-01-01\").offset(" + new DurationValue(epochMillis) + ")";
  }
}
