package io.margay.cedar.eval;

import io.margay.cedar.value.Value;

/** A value that depends on nothing. */
record ConstantNode(Value constant) implements Node {

  @Override
  public Value value(Frame frame) {
    return constant;
  }
}
