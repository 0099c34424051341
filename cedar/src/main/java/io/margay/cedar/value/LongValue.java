package io.margay.cedar.value;

/** A 64-bit signed integer. */
public record LongValue(long value) implements Value {

  @Override
  public String typeName() {
    return "long";
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
