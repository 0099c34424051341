package io.margay.model.resource;

/** A GlobalNetworkPolicy that is evaluated but not enforced. */
public record StagedGlobalNetworkPolicy(ObjectMeta metadata, CalicoPolicySpec spec)
    implements Resource {
  @Override
  public Kind kind() {
    return Kind.STAGED_GLOBAL_NETWORK_POLICY;
  }
}
