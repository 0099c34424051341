package io.margay.cedar.ast;

/** Operators with one operand; {@code isEmpty} is written as a method. */
public enum UnaryOperator {
  NOT("!"),
  NEGATE("-"),
  IS_EMPTY("isEmpty");

  private final String text;

  UnaryOperator(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
