package io.margay.console.blast;

/** What ties something to a machine, the loosest first. */
public enum Binding {
  /** Nothing does. */
  NONE,
  /** A label: it follows the machine to any address. */
  LABEL,
  /** A range in which the address lies: another address in it changes nothing. */
  RANGE,
  /** The very address. */
  ADDRESS;

  Binding orCloser(Binding other) {
    return other.compareTo(this) > 0 ? other : this;
  }
}
