package io.margay.cedar.ast;

/** Operators with two operands that are both always evaluated, left first. */
public enum BinaryOperator {
  EQUAL("==", false),
  NOT_EQUAL("!=", false),
  LESS("<", false),
  LESS_EQUAL("<=", false),
  GREATER(">", false),
  GREATER_EQUAL(">=", false),
  IN("in", false),
  ADD("+", false),
  SUBTRACT("-", false),
  MULTIPLY("*", false),
  CONTAINS("contains", true),
  CONTAINS_ALL("containsAll", true),
  CONTAINS_ANY("containsAny", true),
  GET_TAG("getTag", true),
  HAS_TAG("hasTag", true);

  private final String text;
  private final boolean method;

  BinaryOperator(String text, boolean method) {
    this.text = text;
    this.method = method;
  }

  public String text() {
    return text;
  }

  /** Whether it is written {@code left.name(right)}. */
  public boolean isMethod() {
    return method;
  }
}
