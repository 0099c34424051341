package io.margay.model.resource;

/** An API object, parsed and defaulted. */
public sealed interface Resource
    permits Namespace,
        Node,
        Pod,
        ServiceAccount,
        Service,
        EndpointSlice,
        KubernetesNetworkPolicy,
        ClusterNetworkPolicy,
        Tier,
        NetworkPolicy,
        GlobalNetworkPolicy,
        StagedNetworkPolicy,
        StagedGlobalNetworkPolicy,
        StagedKubernetesNetworkPolicy,
        NetworkSet,
        GlobalNetworkSet,
        HostEndpoint,
        Profile,
        AddressResource,
        WorkbenchResource,
        AgentResource,
        MachineResource {

  ObjectMeta metadata();

  Kind kind();

  default ResourceKey key() {
    return new ResourceKey(kind(), metadata().namespace(), metadata().name());
  }
}
