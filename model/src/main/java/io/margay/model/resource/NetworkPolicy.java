package io.margay.model.resource;

/** A projectcalico.org/v3 NetworkPolicy: rules for endpoints of one namespace. */
public record NetworkPolicy(ObjectMeta metadata, CalicoPolicySpec spec) implements Resource {
  @Override
  public Kind kind() {
    return Kind.NETWORK_POLICY;
  }
}
