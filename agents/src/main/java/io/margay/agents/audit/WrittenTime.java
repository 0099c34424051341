package io.margay.agents.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as records have them, {@link Instant#toString()}. The JDK's parser takes any form and is a
 * quarter of what reading a record costs; this one knows ours and leaves all others to it.
 */
public final class WrittenTime {
  private static final String SHAPE = "dddd-dd-ddTdd:dd:dd";
  private static final int DAY_SECONDS = 86_400;

  private WrittenTime() {}

  /**
   * Reads a time.
   *
   * @throws DateTimeException if it is none
   */
  public static Instant parse(String text) {
    return hasOurShape(text) ? read(text) : Instant.parse(text);
  }

  private static boolean hasOurShape(String text) {
    int end = text.length() - 1;
    int fraction = SHAPE.length();
    if (end < fraction || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < fraction; i++) {
      char expected = SHAPE.charAt(i);
      if (expected == 'd' ? !isDigit(text.charAt(i)) : text.charAt(i) != expected) {
        return false;
      }
    }
    if (end == fraction) {
      return true;
    }
    if (text.charAt(fraction) != '.' || end == fraction + 1 || end > fraction + 10) {
      return false;
    }
    for (int i = fraction + 1; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static Instant read(String text) {
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      // The end of a day and leap seconds have rules of their own.
      return Instant.parse(text);
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    int end = text.length() - 1;
    int nanos = end > SHAPE.length() ? number(text, SHAPE.length() + 1, end) : 0;
    for (int digits = end - SHAPE.length() - 1; digits > 0 && digits < 9; digits++) {
      nanos *= 10;
    }
    return Instant.ofEpochSecond(day * DAY_SECONDS + hour * 3600L + minute * 60L + second, nanos);
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + text.charAt(i) - '0';
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
