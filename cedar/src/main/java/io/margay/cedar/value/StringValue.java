package io.margay.cedar.value;

/** A text of Unicode scalar values. */
public record StringValue(String value) implements Value {

  @Override
  public String typeName() {
    return "string";
  }

  @Override
  public String toString() {
    return CedarText.quote(value);
  }
}
