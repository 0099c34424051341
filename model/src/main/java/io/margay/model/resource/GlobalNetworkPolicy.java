package io.margay.model.resource;

/** A projectcalico.org/v3 GlobalNetworkPolicy: rules for endpoints of all namespaces and hosts. */
public record GlobalNetworkPolicy(ObjectMeta metadata, CalicoPolicySpec spec) implements Resource {
  @Override
  public Kind kind() {
    return Kind.GLOBAL_NETWORK_POLICY;
  }
}
