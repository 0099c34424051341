package io.margay.policy.engine;

import io.margay.model.manifest.Problem;
import io.margay.model.net.Cidr;
import io.margay.model.resource.AddressResource;
import io.margay.model.resource.AgentResource;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.Kind;
import io.margay.model.resource.MachineResource;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.Node;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.resource.Tier;
import io.margay.model.verdict.Outcome;
import io.margay.policy.address.AddressSpace.Settlement;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.convert.ConvertedPolicy;
import io.margay.policy.convert.PolicyConversion;
import io.margay.policy.convert.ProfileRules;
import io.margay.policy.table.DeltaTracker.Delta;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.TableDelta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From changes of resources to decision tables. Changes are collected by {@link #apply} and take
 * effect together in {@link #flush}; the output depends on the resources as they are then, never on
 * how they came to be so. Not thread-safe, free of I/O.
 *
 * <pre>
 *   apply ─► labels, subjects ─► policies in use ─► questions ─► address classes
 *                                       │                             │
 *                                       └──► chains ──► groups ◄──────┘──► port tables ─► flush
 * </pre>
 */
public final class PolicyEngine {
  private final Map<ResourceKey, Resource> resources = new HashMap<>();
  private final Set<ResourceKey> changed = new TreeSet<>();
  private final Map<ResourceKey, List<Problem>> conversionProblems = new HashMap<>();
  private final Set<Endpoint> affected = new LinkedHashSet<>();
  private final Answers answers = new Answers();
  private final TierRegistry tiers = new TierRegistry();
  private final ProfileRegistry profiles = new ProfileRegistry(answers);
  private final PolicyRegistry policies = new PolicyRegistry(answers, affected::add);
  private final PeerRegistry peers;
  private final Judgements judgements;

  /** An engine without failsafe ports. */
  public PolicyEngine(Scope scope) {
    this(scope, Failsafes.NONE);
  }

  /** An engine that keeps these ports of host endpoints open. */
  public PolicyEngine(Scope scope, Failsafes failsafes) {
    this.peers = new PeerRegistry(scope, answers, profiles, policies, affected::add);
    this.judgements = new Judgements(answers, tiers, profiles, failsafes);
  }

  /** Takes note of a change, which takes effect with the next {@link #flush}. */
  public void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(Resource resource) -> {
        ResourceKey key = resource.key();
        Resource before = resources.put(key, resource);
        if (!resource.equals(before)) {
          changed.add(key);
        }
      }
      case ResourceChange.Removed(ResourceKey key) -> {
        if (resources.remove(key) != null) {
          changed.add(key);
        }
      }
      case ResourceChange.InSync() -> {}
    }
  }

  /** Brings the tables up to date; gives the net difference since the last call. */
  public TableDelta flush() {
    long editions = policies.editions();
    boolean tiersChanged = changed.stream().anyMatch(key -> key.kind() == Kind.TIER);
    for (ResourceKey key : changed) {
      Resource resource = resources.get(key);
      if (resource == null) {
        forget(key);
      } else {
        take(key, resource);
      }
    }
    changed.clear();

    List<Runnable> retired = new ArrayList<>(profiles.compileChanged());
    retired.addAll(policies.compileChanged());
    retired.forEach(Runnable::run);
    if (tiersChanged || policies.editions() != editions) {
      judgements.policiesChanged();
    }

    Settlement settlement = answers.settle();
    affected.addAll(judgements.moved(settlement));
    Set<Endpoint> judged = new LinkedHashSet<>();
    for (Endpoint endpoint : affected) {
      if (peers.judges(endpoint)) {
        judged.add(endpoint);
      } else {
        judgements.drop(endpoint);
      }
    }
    affected.clear();
    judgements.judge(judged);
    judgements.classesChanged(settlement);
    judgements.publish();
    return delta();
  }

  private void take(ResourceKey key, Resource resource) {
    switch (resource) {
      case Tier tier -> {
        tiers.put(tier);
        policies.tierChanged(tier.metadata().name());
      }
      case Namespace namespace -> putProfile(ProfileRules.of(namespace));
      case ServiceAccount account -> putProfile(ProfileRules.of(account));
      case Profile profile -> {
        ProfileRules rules = ProfileRules.of(profile);
        noteProblems(resource.key(), rules.problems());
        putProfile(rules);
      }
      case Node node -> peers.putNode(node);
      case EndpointSlice slice -> answers.putSlice(slice);
      case AddressResource _, AgentResource _, MachineResource _ -> {}
      default -> {
        switch (resource.kind()) {
          case POD, HOST_ENDPOINT, NETWORK_SET, GLOBAL_NETWORK_SET -> peers.put(key, resource);
          case SERVICE -> {}
          default -> takePolicy(resource);
        }
      }
    }
  }

  private void takePolicy(Resource resource) {
    ConvertedPolicy converted = PolicyConversion.convert(resource);
    noteProblems(resource.key(), converted.problems());
    if (converted.policy() == null) {
      policies.remove(resource.key());
    } else {
      policies.put(converted.policy());
    }
  }

  private void noteProblems(ResourceKey key, List<Problem> problems) {
    if (problems.isEmpty()) {
      conversionProblems.remove(key);
    } else {
      conversionProblems.put(key, problems);
    }
  }

  private void putProfile(ProfileRules rules) {
    profiles.put(rules);
    peers.profileChanged(rules.name());
  }

  private void forget(ResourceKey key) {
    conversionProblems.remove(key);
    switch (key.kind()) {
      case TIER -> {
        tiers.remove(key.name());
        policies.tierChanged(key.name());
      }
      case NAMESPACE -> removeProfile(CalicoLabels.namespaceProfile(key.name()));
      case SERVICE_ACCOUNT ->
          removeProfile(CalicoLabels.serviceAccountProfile(key.namespace(), key.name()));
      case PROFILE -> removeProfile(key.name());
      case NODE -> answers.removeNode(key);
      case ENDPOINT_SLICE -> answers.removeSlice(key);
      case POD, HOST_ENDPOINT, NETWORK_SET, GLOBAL_NETWORK_SET -> peers.remove(key);
      case SERVICE -> {}
      case KUBERNETES_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY ->
          policies.remove(key);
      case IP_POOL,
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
          LIVE_MIGRATION -> {}
    }
  }

  private void removeProfile(String name) {
    profiles.remove(name);
    peers.profileChanged(name);
  }

  private TableDelta delta() {
    Delta<Integer, Outcome> outcomes = judgements.pool().drainOutcomes();
    Delta<Integer, PortTable> tables = judgements.pool().drainTables();
    PublishedGroups.Changes groups = judgements.publishedGroups().drain();
    Delta<Cidr, Integer> classes = answers.space().published().drain();
    Delta<EndpointId, JudgedEndpoint> endpoints = judgements.publishedEndpoints().drain();
    return new TableDelta(
        outcomes.set(),
        outcomes.removed(),
        tables.set(),
        tables.removed(),
        groups.set(),
        groups.edited(),
        groups.removed(),
        classes.set(),
        classes.removed(),
        endpoints.set(),
        endpoints.removed());
  }

  /** The tiers that judge an endpoint at a point, in order; as of the last flush. */
  public List<GoverningTier> governing(EndpointId id, JudgedEndpoint.Point point) {
    Endpoint endpoint = peers.endpoint(id);
    return endpoint == null ? List.of() : judgements.governing(endpoint, point);
  }

  /** Begins to look at what rules are good for; as of the last flush, and until the next. */
  public RuleReview reviewRules() {
    return new RuleReview(judgements.groupsById(), answers.space(), policies.all());
  }

  /** The resources that the engine has been told of and that exist. */
  public Map<ResourceKey, Resource> resources() {
    return Collections.unmodifiableMap(resources);
  }

  /** What users should mend, for each resource that has any such thing. As of the last flush. */
  public Map<ResourceKey, List<Problem>> problems() {
    Status status = new Status(resources, tiers, profiles, answers);
    conversionProblems.forEach(status::add);
    policies.all().forEach(entry -> status.checkPolicy(entry.policy));
    peers.endpoints().forEach(status::checkEndpoint);
    status.checkAddresses(peers.endpoints());
    return status.problems();
  }

  /** As of the last flush. */
  public EngineStats stats() {
    return new EngineStats(
        policies.count(),
        policies.activeCount(),
        peers.endpoints().size(),
        peers.count(),
        answers.facts().questionCount(),
        answers.space().classCount(),
        judgements.groupCount(),
        judgements.pool().tableCount(),
        judgements.pool().outcomeCount());
  }
}
