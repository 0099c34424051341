package io.margay.cedar.validate;

/** How far the validator follows types. */
public enum ValidationMode {
  /** Every policy that passes can be analysed: types must be equal, literals must be typed. */
  STRICT,

  /** Every policy that passes evaluates without a type error, but may mix types. */
  PERMISSIVE
}
