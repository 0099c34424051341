package io.margay.cedar.value;

/** Digits in texts: ASCII only, unlike {@link Character#isDigit(char)}. */
final class Digits {
  private Digits() {}

  /** Whether a text is one or more digits. */
  static boolean areDigits(String text) {
    return !text.isEmpty() && count(text, 0) == text.length();
  }

  /** How many digits there are in a row. */
  static int count(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end - from;
  }
}
