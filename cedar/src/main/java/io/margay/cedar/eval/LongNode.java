package io.margay.cedar.eval;

import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.Value;

/** A compiled expression that gives an integer, or an error, and nothing else. */
interface LongNode extends Node {
  long number(Frame frame);

  @Override
  default Value value(Frame frame) {
    return new LongValue(number(frame));
  }
}
