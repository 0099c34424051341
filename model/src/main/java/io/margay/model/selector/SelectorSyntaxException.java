package io.margay.model.selector;

/** A selector that cannot be read. The message says what was expected, and at which position. */
public final class SelectorSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int position;

  SelectorSyntaxException(String message, int position) {
    super(message + " at position " + position);
    this.position = position;
  }

  /** Where in the text, from 0. */
  public int position() {
    return position;
  }
}
