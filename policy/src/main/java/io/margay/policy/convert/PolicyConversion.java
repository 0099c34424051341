package io.margay.policy.convert;

import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.Resource;
import io.margay.model.resource.StagedAction;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.verdict.PolicyKind;
import java.util.List;

/** Brings every kind of policy to the normal form. */
public final class PolicyConversion {
  private PolicyConversion() {}

  /**
   * Converts a policy. Never fails: what cannot be read fails closed and is told in the problems.
   *
   * @throws IllegalArgumentException if the resource is not a policy
   */
  public static ConvertedPolicy convert(Resource resource) {
    return switch (resource) {
      case NetworkPolicy p ->
          CalicoConversion.policy(p.key(), PolicyKind.CALICO_NETWORK_POLICY, p.spec());
      case GlobalNetworkPolicy p ->
          CalicoConversion.policy(p.key(), PolicyKind.GLOBAL_NETWORK_POLICY, p.spec());
      case StagedNetworkPolicy p ->
          CalicoConversion.policy(p.key(), PolicyKind.STAGED_NETWORK_POLICY, p.spec());
      case StagedGlobalNetworkPolicy p ->
          CalicoConversion.policy(p.key(), PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, p.spec());
      case KubernetesNetworkPolicy p ->
          KubernetesConversion.policy(p.key(), PolicyKind.NETWORK_POLICY, p.spec());
      case StagedKubernetesNetworkPolicy p ->
          p.stagedAction() == StagedAction.DELETE
              ? new ConvertedPolicy(null, List.of())
              : KubernetesConversion.policy(
                  p.key(), PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY, p.spec());
      case ClusterNetworkPolicy p -> ClusterConversion.policy(p);
      default -> throw new IllegalArgumentException(resource.key() + " is not a policy");
    };
  }
}
