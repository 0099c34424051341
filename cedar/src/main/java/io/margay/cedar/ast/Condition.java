package io.margay.cedar.ast;

import java.util.Locale;

/** {@code when { body }} or {@code unless { body }}. */
public record Condition(Kind kind, Expr body, Span span) {

  public enum Kind {
    WHEN,
    UNLESS;

    private final String text = name().toLowerCase(Locale.ROOT);

    public String text() {
      return text;
    }
  }
}
