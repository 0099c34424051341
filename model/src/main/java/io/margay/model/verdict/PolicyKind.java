package io.margay.model.verdict;

import io.margay.model.resource.Kind;
import java.util.Optional;

/** The kinds of things that can appear in a trace, with the names that Goldmane gives them. */
public enum PolicyKind {
  CALICO_NETWORK_POLICY("CalicoNetworkPolicy", "NetworkPolicy"),
  GLOBAL_NETWORK_POLICY("GlobalNetworkPolicy", "GlobalNetworkPolicy"),
  STAGED_NETWORK_POLICY("StagedNetworkPolicy", "StagedNetworkPolicy"),
  STAGED_GLOBAL_NETWORK_POLICY("StagedGlobalNetworkPolicy", "StagedGlobalNetworkPolicy"),
  STAGED_KUBERNETES_NETWORK_POLICY(
      "StagedKubernetesNetworkPolicy", "StagedKubernetesNetworkPolicy"),
  /** A networking.k8s.io NetworkPolicy. */
  NETWORK_POLICY("NetworkPolicy", "KubernetesNetworkPolicy"),
  CLUSTER_NETWORK_POLICY("ClusterNetworkPolicy", "KubernetesClusterNetworkPolicy"),
  PROFILE("Profile", "Profile"),
  /** A port that stays open on host endpoints whatever their policies say. */
  FAILSAFE("Failsafe", "Failsafe"),
  /** The default action of a tier in which policies applied and none decided. */
  END_OF_TIER("EndOfTier", "EndOfTier"),
  /** No profile allowed the traffic after all tiers let it pass. */
  END_OF_PROFILES("EndOfProfiles", "EndOfProfiles");

  private final String goldmaneName;
  private final String vectorName;

  PolicyKind(String goldmaneName, String vectorName) {
    this.goldmaneName = goldmaneName;
    this.vectorName = vectorName;
  }

  /** As flow records name it. */
  public String goldmaneName() {
    return goldmaneName;
  }

  /** As Calico names it internally, and the conformance vectors with it. */
  public String vectorName() {
    return vectorName;
  }

  /** The kind of API object behind it; defaults and failsafes have none. */
  public Optional<Kind> object() {
    return switch (this) {
      case CALICO_NETWORK_POLICY -> Optional.of(Kind.NETWORK_POLICY);
      case GLOBAL_NETWORK_POLICY -> Optional.of(Kind.GLOBAL_NETWORK_POLICY);
      case STAGED_NETWORK_POLICY -> Optional.of(Kind.STAGED_NETWORK_POLICY);
      case STAGED_GLOBAL_NETWORK_POLICY -> Optional.of(Kind.STAGED_GLOBAL_NETWORK_POLICY);
      case STAGED_KUBERNETES_NETWORK_POLICY -> Optional.of(Kind.STAGED_KUBERNETES_NETWORK_POLICY);
      case NETWORK_POLICY -> Optional.of(Kind.KUBERNETES_NETWORK_POLICY);
      case CLUSTER_NETWORK_POLICY -> Optional.of(Kind.CLUSTER_NETWORK_POLICY);
      case PROFILE -> Optional.of(Kind.PROFILE);
      case FAILSAFE, END_OF_TIER, END_OF_PROFILES -> Optional.empty();
    };
  }

  public boolean staged() {
    return this == STAGED_NETWORK_POLICY
        || this == STAGED_GLOBAL_NETWORK_POLICY
        || this == STAGED_KUBERNETES_NETWORK_POLICY;
  }
}
