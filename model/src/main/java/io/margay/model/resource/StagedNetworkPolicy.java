package io.margay.model.resource;

/** A NetworkPolicy that is evaluated but not enforced. */
public record StagedNetworkPolicy(ObjectMeta metadata, CalicoPolicySpec spec) implements Resource {
  @Override
  public Kind kind() {
    return Kind.STAGED_NETWORK_POLICY;
  }
}
