package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.LongValue;

/** Integer literals. */
final class Numbers {
  private Numbers() {}

  /**
   * @param digits where the digits are
   * @param whole where the literal is, with its minus
   */
  static Expr.Literal literal(Span digits, Span whole, boolean negative) {
    try {
      String text = digits.text();
      long value = Long.parseLong(negative ? "-" + text : text);
      return new Expr.Literal(new LongValue(value), whole);
    } catch (NumberFormatException e) {
      throw new CedarParseException(
          whole,
          "an integer beyond 64 bits",
          negative ? "the least is " + Long.MIN_VALUE : "the greatest is " + Long.MAX_VALUE);
    }
  }
}
