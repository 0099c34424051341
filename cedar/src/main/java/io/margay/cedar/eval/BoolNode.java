package io.margay.cedar.eval;

import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.Value;

/** A compiled expression that gives true or false, or an error, and nothing else. */
interface BoolNode extends Node {
  boolean test(Frame frame);

  @Override
  default Value value(Frame frame) {
    return BoolValue.of(test(frame));
  }
}
