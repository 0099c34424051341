package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Resource;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.resource.Tier;
import io.margay.model.resource.VirtualMachine;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads stored objects into resources, applying the defaults of their APIs.
 *
 * <p>What is stored must be judged whatever it says, so decoding never fails. A part that cannot be
 * read is marked in the resource (a rule, a peer, a port, a policy's subject) and fails closed
 * there; the problem is told beside it. Users' files go through a strict reader first, which
 * refuses instead.
 */
public final class ResourceDecoder {
  private ResourceDecoder() {}

  public static Decoded decode(KubeObject object) {
    List<Problem> problems = new ArrayList<>();
    Resource resource = decode(object, Field.root(object, problems));
    return new Decoded(resource, problems);
  }

  private static Resource decode(KubeObject object, Field root) {
    ObjectMeta metadata = metadata(object, root.at("metadata"));
    Field spec = root.at("spec");
    return switch (object.kind()) {
      case NAMESPACE -> new Namespace(metadata);
      case SERVICE_ACCOUNT -> new ServiceAccount(metadata);
      case NODE -> WorkloadDecoder.node(metadata, root);
      case POD -> WorkloadDecoder.pod(metadata, root);
      case SERVICE -> WorkloadDecoder.service(metadata, root);
      case ENDPOINT_SLICE -> WorkloadDecoder.endpointSlice(metadata, root);
      case HOST_ENDPOINT -> WorkloadDecoder.hostEndpoint(metadata, spec);
      case KUBERNETES_NETWORK_POLICY -> KubernetesPolicyDecoder.policy(metadata, spec);
      case STAGED_KUBERNETES_NETWORK_POLICY -> KubernetesPolicyDecoder.staged(metadata, spec);
      case CLUSTER_NETWORK_POLICY -> ClusterPolicyDecoder.policy(metadata, spec);
      case TIER -> tier(metadata, spec);
      case NETWORK_POLICY -> new NetworkPolicy(metadata, CalicoPolicyDecoder.policy(spec, false));
      case GLOBAL_NETWORK_POLICY ->
          new GlobalNetworkPolicy(metadata, CalicoPolicyDecoder.policy(spec, false));
      case STAGED_NETWORK_POLICY ->
          new StagedNetworkPolicy(metadata, CalicoPolicyDecoder.policy(spec, true));
      case STAGED_GLOBAL_NETWORK_POLICY ->
          new StagedGlobalNetworkPolicy(metadata, CalicoPolicyDecoder.policy(spec, true));
      case NETWORK_SET -> new NetworkSet(metadata, nets(spec));
      case GLOBAL_NETWORK_SET -> new GlobalNetworkSet(metadata, nets(spec));
      case PROFILE -> CalicoPolicyDecoder.profile(metadata, spec);
      case IP_POOL -> AddressDecoder.pool(metadata, spec);
      case IP_RESERVATION -> AddressDecoder.reservation(metadata, spec);
      case IPAM_CONFIGURATION -> AddressDecoder.configuration(metadata, spec);
      case BLOCK_AFFINITY -> AddressDecoder.affinity(metadata, spec);
      case IPAM_BLOCK -> BlockDecoder.block(metadata, spec);
      case IPAM_HANDLE -> AddressDecoder.handle(metadata, spec);
      case BGP_CONFIGURATION -> BgpDecoder.configuration(metadata, spec);
      case BGP_PEER -> BgpDecoder.peer(metadata, spec);
      case BGP_FILTER -> BgpDecoder.filter(metadata, spec);
      case POLICY_ASSERTION -> WorkbenchDecoder.assertion(metadata, spec);
      case POLICY_RECOMMENDATION_SCOPE -> WorkbenchDecoder.scope(metadata, spec);
      case AGENT -> AgentDecoder.agent(metadata, spec);
      case TOOL_SERVER -> AgentDecoder.toolServer(metadata, spec);
      case MODEL_PROVIDER -> AgentDecoder.modelProvider(metadata, spec);
      case BUDGET -> AgentDecoder.budget(metadata, spec);
      case TOOL_SET -> AgentDecoder.toolSet(metadata, spec);
      case AGENT_GROUP -> AgentDecoder.agentGroup(metadata, spec);
      case AGENT_POLICY -> AgentDecoder.agentPolicy(metadata, spec);
      case AGENT_HALT -> AgentDecoder.agentHalt(metadata, spec);
      case APPROVAL -> ApprovalDecoder.approval(metadata, root);
      case VIRTUAL_MACHINE -> new VirtualMachine(metadata);
      case VIRTUAL_MACHINE_INSTANCE -> MachineDecoder.instance(metadata, root);
      case VIRTUAL_MACHINE_INSTANCE_MIGRATION -> MachineDecoder.migration(metadata, root);
      case LIVE_MIGRATION -> MachineDecoder.record(metadata, root);
    };
  }

  private static ObjectMeta metadata(KubeObject object, Field metadata) {
    return new ObjectMeta(
        object.name(),
        object.namespace(),
        metadata.at("generateName").text(),
        metadata.at("labels").texts(),
        metadata.at("annotations").texts(),
        metadata.at("uid").text(),
        metadata.at("resourceVersion").text(),
        Optional.ofNullable(metadata.at("generation").integer()).orElse(0),
        metadata.at("creationTimestamp").parsed(ResourceDecoder::time).orElse(null),
        metadata.at("deletionTimestamp").parsed(ResourceDecoder::time).orElse(null));
  }

  static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a time like 2026-01-31T12:00:00Z", e);
    }
  }

  /** The order and default action of the built-in tiers hold also where they are not written. */
  private static Tier tier(ObjectMeta metadata, Field spec) {
    Double order = spec.at("order").number();
    Optional<RuleAction> action =
        spec.at("defaultAction")
            .parsed(CalicoPolicyDecoder::action)
            .filter(ResourceDecoder::isDefault);
    Optional<Tier> builtIn =
        Tier.builtIn().stream().filter(t -> t.metadata().name().equals(metadata.name())).findAny();
    if (order == null && builtIn.isPresent()) {
      order = builtIn.get().spec().order();
    }
    return new Tier(
        metadata,
        new Tier.Spec(
            order,
            action.orElseGet(
                () -> builtIn.map(t -> t.spec().defaultAction()).orElse(RuleAction.DENY))));
  }

  private static boolean isDefault(RuleAction action) {
    return action == RuleAction.DENY || action == RuleAction.PASS;
  }

  private static List<Cidr> nets(Field spec) {
    return spec.at("nets").items(net -> net.parsed(Cidr::parse));
  }
}
