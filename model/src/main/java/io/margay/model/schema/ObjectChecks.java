package io.margay.model.schema;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.PolicyRecommendationScope;
import java.util.regex.Pattern;

/** The checks that no schema can say: names, and what holds between fields. */
final class ObjectChecks {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  /** Calico policies: one label or two, the first of which may be a tier; or a converted name. */
  private static final Pattern POLICY_NAME =
      Pattern.compile(LABEL + "(\\." + LABEL + ")?|(knp|ossg)\\.default(\\." + LABEL + ")+");

  private static final Pattern GLOBAL_POLICY_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")?");

  private ObjectChecks() {}

  static void check(KubeObject object, Place root) {
    metadata(object, root.at("metadata"));
    Place spec = root.at("spec");
    switch (object.kind()) {
      case NAMESPACE, SERVICE_ACCOUNT, NODE -> {}
      case POD -> WorkloadChecks.pod(spec);
      case SERVICE -> WorkloadChecks.service(spec);
      case ENDPOINT_SLICE -> WorkloadChecks.endpointSlice(root);
      case KUBERNETES_NETWORK_POLICY -> KubernetesPolicyChecks.policy(spec);
      case STAGED_KUBERNETES_NETWORK_POLICY -> {
        CalicoPolicyChecks.stagedDelete(spec);
        KubernetesPolicyChecks.policy(spec);
      }
      case CLUSTER_NETWORK_POLICY -> ClusterPolicyChecks.policy(spec);
      case TIER -> CalicoPolicyChecks.tier(object.name(), spec);
      case NETWORK_POLICY, GLOBAL_NETWORK_POLICY -> CalicoPolicyChecks.policy(object.kind(), spec);
      case STAGED_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY -> {
        CalicoPolicyChecks.stagedDelete(spec);
        CalicoPolicyChecks.policy(object.kind(), spec);
      }
      case NETWORK_SET, GLOBAL_NETWORK_SET -> networkSet(root.at("metadata", "labels"));
      case HOST_ENDPOINT -> CalicoPolicyChecks.hostEndpoint(spec);
      case PROFILE -> CalicoPolicyChecks.profile(spec);
      case IP_POOL -> AddressChecks.pool(spec);
      case IPAM_CONFIGURATION -> AddressChecks.configuration(spec);
      case BGP_PEER -> BgpChecks.peer(spec);
      case BGP_FILTER -> BgpChecks.filter(spec);
      case IP_RESERVATION, BLOCK_AFFINITY, IPAM_BLOCK, IPAM_HANDLE, BGP_CONFIGURATION -> {}
      case POLICY_ASSERTION, POLICY_RECOMMENDATION_SCOPE -> {}
      case AGENT -> AgentChecks.agent(spec);
      case TOOL_SERVER -> AgentChecks.toolServer(spec);
      case MODEL_PROVIDER -> AgentChecks.modelProvider(spec);
      case BUDGET -> AgentChecks.budget(spec);
      case TOOL_SET -> AgentChecks.toolSet(spec);
      case AGENT_GROUP -> AgentChecks.oneOf(spec, "members", "selector");
      case AGENT_POLICY -> AgentChecks.agentPolicy(spec);
      case AGENT_HALT -> AgentChecks.oneOf(spec, "agent", "selector");
      case APPROVAL -> {}
      case VIRTUAL_MACHINE, VIRTUAL_MACHINE_INSTANCE, VIRTUAL_MACHINE_INSTANCE_MIGRATION -> {}
      case LIVE_MIGRATION -> MachineChecks.migration(spec);
    }
  }

  private static void metadata(KubeObject object, Place metadata) {
    Place name = metadata.at("name");
    if (!name.given()) {
      if (!metadata.at("generateName").given()) {
        name.problem("missing", "write a name");
      }
    } else if (name.node().isTextual()) {
      name(object.kind(), name);
    }
    Place namespace = metadata.at("namespace");
    if (!object.kind().namespaced() && namespace.given()) {
      namespace.problem(object.kind().kind() + " is cluster-wide", "leave it out");
    } else if (object.kind().namespaced() && !namespace.given()) {
      namespace.problem("missing", "write the namespace");
    }
  }

  private static void name(Kind kind, Place name) {
    switch (kind) {
      case TIER, NAMESPACE, SERVICE -> format("dns-label", name);
      case NETWORK_POLICY, STAGED_NETWORK_POLICY -> policyName(POLICY_NAME, name);
      case GLOBAL_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY ->
          policyName(GLOBAL_POLICY_NAME, name);
      case POLICY_RECOMMENDATION_SCOPE -> {
        if (!name.text().equals(PolicyRecommendationScope.NAME)) {
          name.problem("there is only one", "write " + PolicyRecommendationScope.NAME);
        }
      }
      default -> format("dns-subdomain", name);
    }
  }

  private static void format(String format, Place place) {
    Format.check(format, place.text()).ifPresent(v -> place.problem(v.reason(), v.fix()));
  }

  private static void policyName(Pattern pattern, Place name) {
    if (!pattern.matcher(name.text()).matches()) {
      name.problem(
          "not a policy name: small letters, digits and -, with at most one dot between",
          "write one like web or security.web");
    }
  }

  private static void networkSet(Place labels) {
    Place label = labels.at("projectcalico.org/namespace");
    if (label.present()) {
      label.problem("this label is set by the platform", "leave it out");
    }
  }
}
