package io.margay.cedar.value;

/**
 * What an expression evaluates to. {@code equals} is Cedar's {@code ==}: total, and false between
 * different types. {@code toString} is a Cedar expression that evaluates to the value.
 */
public sealed interface Value
    permits BoolValue, LongValue, StringValue, EntityUid, SetValue, RecordValue, ExtensionValue {

  /** The type's name for messages: {@code bool}, {@code long}, {@code string}, {@code ipaddr}. */
  String typeName();
}
