package io.margay.cedar;

import io.margay.cedar.ast.Span;

/**
 * One thing that is wrong with an input, said so that its author can mend it.
 *
 * @param file the input's name; empty when it has none
 * @param line from 1; 0 when the place is unknown
 * @param column from 1, in code points; 0 when the place is unknown
 * @param text what stands there, shortened; empty when nothing does
 * @param message what is wrong with it
 * @param suggestion what to write instead; empty when nobody can know
 */
public record CedarError(
    String file, int line, int column, String text, String message, String suggestion) {
  private static final int LONGEST_TEXT = 60;

  public CedarError {
    text = shortened(text);
  }

  public static CedarError at(Span span, String message, String suggestion) {
    return span.isKnown()
        ? new CedarError(
            span.source().name(), span.line(), span.column(), span.text(), message, suggestion)
        : new CedarError("", 0, 0, "", message, suggestion);
  }

  /**
   * About a whole input, or a place in it that is no line: {@code policies.json}, {@code $.uid}.
   */
  public static CedarError in(String place, String text, String message, String suggestion) {
    return new CedarError(place, 0, 0, text, message, suggestion);
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    boolean whole = line.length() == text.length();
    if (line.length() > LONGEST_TEXT) {
      int end = Character.isHighSurrogate(line.charAt(LONGEST_TEXT - 1)) ? 1 : 0;
      return line.substring(0, LONGEST_TEXT - end) + "…";
    }
    return whole ? line : line + "…";
  }

  /** {@code policies.cedar:3:7: "=": not an operator; write ==.} */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(file);
    if (line > 0) {
      out.append(out.isEmpty() ? "" : ":").append(line).append(':').append(column);
    }
    out.append(out.isEmpty() ? "" : ": ");
    if (!text.isEmpty()) {
      out.append('"').append(text).append("\": ");
    }
    out.append(message);
    if (!suggestion.isEmpty()) {
      out.append("; ").append(suggestion);
    }
    return suggestion.endsWith("?") ? out.toString() : out.append('.').toString();
  }
}
