package io.margay.app.lab;

import io.margay.model.resource.Kind;

/** Which kinds of objects are policies about packets. */
final class PolicyKinds {
  private PolicyKinds() {}

  static boolean isPolicy(Kind kind) {
    return switch (kind) {
      case KUBERNETES_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY ->
          true;
      case NAMESPACE,
          NODE,
          POD,
          SERVICE_ACCOUNT,
          SERVICE,
          ENDPOINT_SLICE,
          TIER,
          NETWORK_SET,
          GLOBAL_NETWORK_SET,
          HOST_ENDPOINT,
          PROFILE,
          IP_POOL,
          IP_RESERVATION,
          IPAM_CONFIGURATION,
          BLOCK_AFFINITY,
          IPAM_BLOCK,
          IPAM_HANDLE,
          BGP_CONFIGURATION,
          BGP_PEER,
          BGP_FILTER,
          POLICY_ASSERTION,
          POLICY_RECOMMENDATION_SCOPE,
          AGENT,
          AGENT_GROUP,
          AGENT_HALT,
          AGENT_POLICY,
          APPROVAL,
          BUDGET,
          MODEL_PROVIDER,
          TOOL_SERVER,
          TOOL_SET,
          VIRTUAL_MACHINE,
          VIRTUAL_MACHINE_INSTANCE,
          VIRTUAL_MACHINE_INSTANCE_MIGRATION,
          LIVE_MIGRATION ->
          false;
    };
  }
}
