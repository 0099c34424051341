package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import java.util.ArrayList;
import java.util.List;

/** Reads the escapes of string literals, which are Rust's. */
public final class StringLiterals {
  private static final int LONGEST_UNICODE_ESCAPE = 6;

  private final SourceText source;
  private final String text;
  private final int end;
  private int position;

  /**
   * @param literal a string token, with its quotes
   */
  private StringLiterals(Span literal) {
    source = literal.source();
    text = source.text();
    position = literal.start() + 1;
    end = literal.end() - 1;
  }

  /** What a literal says. */
  public static String unescape(Span literal) {
    return new StringLiterals(literal).string();
  }

  /**
   * The pattern that a literal says. Stars count as wildcards after unescaping, so that an escaped
   * code point of a star is one too; only {@code \*} is a star.
   */
  static LikePattern pattern(Span literal) {
    return new StringLiterals(literal).pattern();
  }

  private String string() {
    StringBuilder out = new StringBuilder(end - position);
    while (position < end) {
      out.appendCodePoint(next());
    }
    return out.toString();
  }

  private LikePattern pattern() {
    List<LikePattern.Part> parts = new ArrayList<>();
    StringBuilder run = new StringBuilder();
    while (position < end) {
      if (text.startsWith("\\*", position)) {
        position += 2;
        run.append('*');
        continue;
      }
      int c = next();
      if (c == '*') {
        parts.add(new LikePattern.Text(run.toString()));
        parts.add(LikePattern.Wildcard.ANY);
        run.setLength(0);
      } else {
        run.appendCodePoint(c);
      }
    }
    parts.add(new LikePattern.Text(run.toString()));
    return new LikePattern(parts);
  }

  private int next() {
    int start = position;
    int c = text.codePointAt(position);
    position += Character.charCount(c);
    if (c == '\\') {
      return escape(start);
    }
    if (c == '\r') {
      throw failure(start, "a bare carriage return in a string", "write \\r");
    }
    if (Character.getType(c) == Character.SURROGATE) {
      throw failure(start, "half of a surrogate pair, which is no character", "remove it");
    }
    return c;
  }

  private int escape(int start) {
    char c = text.charAt(position++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case '\\', '"', '\'' -> c;
      case 'x' -> hexEscape(start);
      case 'u' -> unicodeEscape(start);
      case '*' ->
          throw failure(start, "an escape of like patterns only", "write * for a star in a string");
      default ->
          throw failure(
              start,
              "not an escape",
              "the escapes are \\n \\r \\t \\0 \\\\ \\\" \\' \\x7f \\u{1f43e}; write \\\\ for a"
                  + " backslash");
    };
  }

  private int hexEscape(int start) {
    int value = 0;
    for (int i = 0; i < 2; i++) {
      int digit = position < end ? hexDigit(text.charAt(position)) : -1;
      if (digit < 0) {
        throw failure(start, "\\x without two hexadecimal digits", "write like \\x7f");
      }
      value = value << 4 | digit;
      position++;
    }
    if (value > 0x7f) {
      throw failure(start, "\\x above 7f", "write \\u{" + Integer.toHexString(value) + "}");
    }
    return value;
  }

  private int unicodeEscape(int start) {
    int close = position < end && text.charAt(position) == '{' ? text.indexOf('}', position) : -1;
    if (close < 0 || close >= end) {
      throw failure(start, "\\u without braces", "write like \\u{1f43e}");
    }
    String written = text.substring(position + 1, close);
    position = close + 1;
    String digits = written.replace("_", "");
    if (digits.isEmpty()
        || digits.length() > LONGEST_UNICODE_ESCAPE
        || written.startsWith("_")
        || !digits.chars().allMatch(c -> hexDigit((char) c) >= 0)) {
      throw failure(start, "\\u without one to six hexadecimal digits", "write like \\u{1f43e}");
    }
    int value = Integer.parseInt(digits, 16);
    if (!Character.isValidCodePoint(value) || Character.getType(value) == Character.SURROGATE) {
      throw failure(start, "not a Unicode character", "write one up to 10ffff, no surrogate");
    }
    return value;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private CedarParseException failure(int start, String message, String suggestion) {
    return new CedarParseException(new Span(source, start, position), message, suggestion);
  }
}
