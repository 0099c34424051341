package io.margay.model.resource;

import io.margay.model.net.PortRange;

/** A port as a rule names it. */
public sealed interface PortMatch {
  /** A number or a range, {@code 80} or {@code 8000:8080}. */
  record Numeric(PortRange range) implements PortMatch {}

  /** The name that the endpoint gives to one of its ports. */
  record Named(String name) implements PortMatch {}
}
