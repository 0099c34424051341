package io.margay.model.resource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kinds of API objects that Margay serves and reads, with the names that kubectl and calicoctl
 * know them by.
 */
public enum Kind {
  NAMESPACE("", "v1", "Namespace", "namespaces", false, "ns"),
  NODE("", "v1", "Node", "nodes", false, "no"),
  POD("", "v1", "Pod", "pods", true, "po"),
  SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", true, "sa"),
  SERVICE("", "v1", "Service", "services", true, "svc"),
  ENDPOINT_SLICE("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
  KUBERNETES_NETWORK_POLICY(
      "networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true, "netpol"),
  CLUSTER_NETWORK_POLICY(
      "policy.networking.k8s.io",
      "v1alpha2",
      "ClusterNetworkPolicy",
      "clusternetworkpolicies",
      false,
      "cnp"),
  TIER("projectcalico.org", "v3", "Tier", "tiers", false),
  NETWORK_POLICY("projectcalico.org", "v3", "NetworkPolicy", "networkpolicies", true, "cnp"),
  GLOBAL_NETWORK_POLICY(
      "projectcalico.org",
      "v3",
      "GlobalNetworkPolicy",
      "globalnetworkpolicies",
      false,
      "gnp",
      "cgnp"),
  STAGED_NETWORK_POLICY(
      "projectcalico.org",
      "v3",
      "StagedNetworkPolicy",
      "stagednetworkpolicies",
      true,
      "snp",
      "scnp"),
  STAGED_GLOBAL_NETWORK_POLICY(
      "projectcalico.org",
      "v3",
      "StagedGlobalNetworkPolicy",
      "stagedglobalnetworkpolicies",
      false,
      "sgnp"),
  STAGED_KUBERNETES_NETWORK_POLICY(
      "projectcalico.org",
      "v3",
      "StagedKubernetesNetworkPolicy",
      "stagedkubernetesnetworkpolicies",
      true,
      "sknp"),
  NETWORK_SET("projectcalico.org", "v3", "NetworkSet", "networksets", true, "netset", "netsets"),
  GLOBAL_NETWORK_SET(
      "projectcalico.org", "v3", "GlobalNetworkSet", "globalnetworksets", false, "gns", "gnetsets"),
  HOST_ENDPOINT("projectcalico.org", "v3", "HostEndpoint", "hostendpoints", false, "hep", "heps"),
  PROFILE("projectcalico.org", "v3", "Profile", "profiles", false, "pro"),
  IP_POOL("projectcalico.org", "v3", "IPPool", "ippools", false),
  IP_RESERVATION("projectcalico.org", "v3", "IPReservation", "ipreservations", false),
  IPAM_CONFIGURATION("projectcalico.org", "v3", "IPAMConfiguration", "ipamconfigurations", false),
  BLOCK_AFFINITY("projectcalico.org", "v3", "BlockAffinity", "blockaffinities", false),
  IPAM_BLOCK("projectcalico.org", "v3", "IPAMBlock", "ipamblocks", false),
  IPAM_HANDLE("projectcalico.org", "v3", "IPAMHandle", "ipamhandles", false),
  BGP_CONFIGURATION("projectcalico.org", "v3", "BGPConfiguration", "bgpconfigurations", false),
  BGP_PEER("projectcalico.org", "v3", "BGPPeer", "bgppeers", false),
  BGP_FILTER("projectcalico.org", "v3", "BGPFilter", "bgpfilters", false),
  POLICY_ASSERTION(
      "policy.margay.io", "v1alpha1", "PolicyAssertion", "policyassertions", false, "passert"),
  POLICY_RECOMMENDATION_SCOPE(
      "projectcalico.org", "v3", "PolicyRecommendationScope", "policyrecommendationscopes", false),
  AGENT_GROUP("agents.margay.io", "v1alpha1", "AgentGroup", "agentgroups", false, "agrp"),
  TOOL_SET("agents.margay.io", "v1alpha1", "ToolSet", "toolsets", false, "tset"),
  AGENT_POLICY("agents.margay.io", "v1alpha1", "AgentPolicy", "agentpolicies", false, "apol"),
  AGENT_HALT("agents.margay.io", "v1alpha1", "AgentHalt", "agenthalts", false, "halt"),
  TOOL_SERVER("agents.margay.io", "v1alpha1", "ToolServer", "toolservers", false, "tsrv"),
  MODEL_PROVIDER("agents.margay.io", "v1alpha1", "ModelProvider", "modelproviders", false, "mprov"),
  BUDGET("agents.margay.io", "v1alpha1", "Budget", "budgets", false, "bdgt"),
  AGENT("agents.margay.io", "v1alpha1", "Agent", "agents", false, "ag"),
  APPROVAL("agents.margay.io", "v1alpha1", "Approval", "approvals", false, "appr"),
  VIRTUAL_MACHINE("kubevirt.io", "v1", "VirtualMachine", "virtualmachines", true, "vm", "vms"),
  VIRTUAL_MACHINE_INSTANCE(
      "kubevirt.io",
      "v1",
      "VirtualMachineInstance",
      "virtualmachineinstances",
      true,
      "vmi",
      "vmis"),
  VIRTUAL_MACHINE_INSTANCE_MIGRATION(
      "kubevirt.io",
      "v1",
      "VirtualMachineInstanceMigration",
      "virtualmachineinstancemigrations",
      true,
      "vmim",
      "vmims"),
  LIVE_MIGRATION("network.margay.io", "v1alpha1", "LiveMigration", "livemigrations", true, "lmig");

  /** The API group of agents. */
  public static final String AGENTS = "agents.margay.io";

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private final boolean namespaced;
  private final List<String> shortNames;

  Kind(
      String group,
      String version,
      String kind,
      String plural,
      boolean namespaced,
      String... shortNames) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
    this.shortNames = List.of(shortNames);
  }

  /** The API group; empty for the core group. */
  public String group() {
    return group;
  }

  public String version() {
    return version;
  }

  /** {@code group/version}, or just the version for the core group. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The kind as manifests write it; NetworkPolicy is one of two groups. */
  public String kind() {
    return kind;
  }

  /** The lower-case plural that URLs use. */
  public String plural() {
    return plural;
  }

  public boolean namespaced() {
    return namespaced;
  }

  public List<String> shortNames() {
    return shortNames;
  }

  /** The kinds that network policy has to do with. */
  public static Set<Kind> ofNetwork() {
    return Arrays.stream(values())
        .filter(kind ->
            !kind.isAboutAgents()
                && !kind.isAboutAddresses()
                && !kind.isAboutMachines()
                && !kind.isOfWorkbench())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
  }

  /** Whether it is a kind of the registry of agents. */
  public boolean isAboutAgents() {
    return group.equals(AGENTS);
  }

  /** Whether it is about addresses and the ways to them: no verdict depends on it. */
  public boolean isAboutAddresses() {
    return ordinal() >= IP_POOL.ordinal() && ordinal() <= BGP_FILTER.ordinal();
  }

  /** Whether it is about virtual machines: no verdict depends on it. */
  public boolean isAboutMachines() {
    return ordinal() >= VIRTUAL_MACHINE.ordinal() && ordinal() <= LIVE_MIGRATION.ordinal();
  }

  /** Whether it is about policies without being one: no verdict depends on it. */
  public boolean isOfWorkbench() {
    return this == POLICY_ASSERTION || this == POLICY_RECOMMENDATION_SCOPE;
  }

  /** The kind of a manifest, if it is one of ours. */
  public static Optional<Kind> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(k -> k.kind.equals(kind) && k.apiVersion().equals(apiVersion))
        .findFirst();
  }
}
