package io.margay.cedar.ast;

/**
 * Where a node stands in its source. All spans are equal, so that two trees are equal when they say
 * the same, wherever they were written.
 *
 * @param start offset of the first char
 * @param end offset after the last char
 */
public record Span(SourceText source, int start, int end) {
  /** Of nodes that no text was parsed for: read from JSON, or built. */
  public static final Span NONE = new Span(SourceText.NONE, 0, 0);

  // An empty text without a name that was really read is equal to NONE, but not NONE.
  @SuppressWarnings("ReferenceEquality")
  public boolean isKnown() {
    return source != SourceText.NONE;
  }

  public int line() {
    return source.line(start);
  }

  public int column() {
    return source.column(start);
  }

  /** What is written there. */
  public String text() {
    return source.text().substring(start, end);
  }

  /** From the start of this span to the end of another in the same source. */
  public Span to(Span last) {
    return new Span(source, start, last.end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Span;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  /** {@code policies.cedar:3:7}, or empty when unknown. */
  @Override
  public String toString() {
    if (!isKnown()) {
      return "";
    }
    return (source.name().isEmpty() ? "" : source.name() + ":") + line() + ":" + column();
  }
}
