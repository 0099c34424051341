package io.margay.cedar.eval;

import io.margay.cedar.value.Value;

/** A compiled expression. */
interface Node {
  /**
   * The expression's value.
   *
   * @throws EvaluationException when it has none
   */
  Value value(Frame frame);
}
