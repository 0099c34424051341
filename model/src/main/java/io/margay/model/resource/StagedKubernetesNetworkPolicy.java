package io.margay.model.resource;

/** A Kubernetes NetworkPolicy that is evaluated but not enforced. */
public record StagedKubernetesNetworkPolicy(
    ObjectMeta metadata, StagedAction stagedAction, KubernetesNetworkPolicy.Spec spec)
    implements Resource {
  @Override
  public Kind kind() {
    return Kind.STAGED_KUBERNETES_NETWORK_POLICY;
  }
}
