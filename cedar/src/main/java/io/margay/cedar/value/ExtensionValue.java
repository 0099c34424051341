package io.margay.cedar.value;

/** A value of an extension type: made by a constructor function from text. */
public sealed interface ExtensionValue extends Value
    permits DecimalValue, IpValue, DatetimeValue, DurationValue {

  /** The function that makes such values: {@code ip}, {@code decimal}. */
  String constructor();

  /** The argument with which the constructor makes this value. */
  String argument();
}
