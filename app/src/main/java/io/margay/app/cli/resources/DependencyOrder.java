package io.margay.app.cli.resources;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import java.util.Comparator;

/**
 * The order in which resources are created: what others refer to comes first. Deletion goes the
 * other way. {@link Kind} is declared in that order, apart from sets and profiles, which policies
 * refer to.
 */
final class DependencyOrder {
  static final Comparator<KubeObject> CREATION = Comparator.comparingInt(o -> rank(o.kind()));

  private DependencyOrder() {}

  private static int rank(Kind kind) {
    return switch (kind) {
      case NAMESPACE -> 0;
      case NODE, SERVICE_ACCOUNT, TIER, IPAM_CONFIGURATION, IP_RESERVATION, BGP_FILTER -> 1;
      case PROFILE, NETWORK_SET, GLOBAL_NETWORK_SET, SERVICE -> 2;
      // Policies before what they govern: nothing runs a moment without its policy.
      case KUBERNETES_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY ->
          3;
      // Reservations before pools: nobody takes an address that is to be spared.
      case AGENT_GROUP, TOOL_SET, AGENT_HALT, BUDGET, IP_POOL, BGP_CONFIGURATION -> 2;
      // After the filters that it names: no peer gets a moment without them.
      case BGP_PEER -> 3;
      case BLOCK_AFFINITY, IPAM_HANDLE, IPAM_BLOCK -> 3;
      case AGENT_POLICY -> 3;
      // After the policies that it is about: it is not said to fail for want of them.
      case POLICY_ASSERTION, POLICY_RECOMMENDATION_SCOPE -> 5;
      case HOST_ENDPOINT, POD, ENDPOINT_SLICE, TOOL_SERVER, MODEL_PROVIDER, AGENT, APPROVAL -> 4;
      case VIRTUAL_MACHINE, VIRTUAL_MACHINE_INSTANCE -> 3;
      case VIRTUAL_MACHINE_INSTANCE_MIGRATION, LIVE_MIGRATION -> 5;
    };
  }
}
