package io.margay.agents.registry;

import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityUid;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentGroup;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.AgentResource;
import io.margay.model.resource.Budget;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ModelProvider;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Tier;
import io.margay.model.resource.ToolServer;
import io.margay.model.resource.ToolSet;
import io.margay.store.ResourceStore;
import io.margay.store.StreamListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Follows the resources of agents and tells what they add up to, as one snapshot after each change.
 * Nothing is told before everything that existed at the start was read. All calls come from one
 * thread, that of the stream.
 */
public final class AgentRegistry implements StreamListener {
  /**
   * What the registry reads. Tiers are those of network policy: one order for the whole cluster;
   * pods are what some agents are known by.
   */
  public static final Set<Kind> KINDS =
      Set.copyOf(
          EnumSet.of(
              Kind.TIER,
              Kind.POD,
              Kind.AGENT,
              Kind.AGENT_GROUP,
              Kind.AGENT_HALT,
              Kind.AGENT_POLICY,
              Kind.BUDGET,
              Kind.TOOL_SERVER,
              Kind.TOOL_SET,
              Kind.MODEL_PROVIDER));

  /** With more changes at once, a new store of entities is cheaper than many small steps. */
  private static final int MANY = 200;

  private final String trustDomain;
  private final Consumer<RegistrySnapshot> told;
  private final Map<ResourceKey, Resource> resources = new TreeMap<>();
  private final Map<ResourceKey, List<Problem>> unreadable = new HashMap<>();
  private Map<EntityUid, Entity> entities = Map.of();
  private Entities store = Entities.EMPTY;
  private String schemaText = "";
  private Schema schema = AgentSchema.parse(AgentSchema.text(Map.of()));
  private final PodIdentities pods = new PodIdentities();
  private boolean inSync;
  private boolean isNews;

  /**
   * A registry without resources.
   *
   * @param trustDomain of agents that name no SPIFFE id of their own
   * @param told gets every snapshot
   */
  public AgentRegistry(String trustDomain, Consumer<RegistrySnapshot> told) {
    this.trustDomain = trustDomain;
    this.told = told;
  }

  /** What the resources of a store add up to now. */
  public static RegistrySnapshot read(ResourceStore store, String trustDomain) {
    AgentRegistry registry = new AgentRegistry(trustDomain, _ -> {});
    KINDS.stream().filter(kind -> kind != Kind.POD).forEach(kind -> registry.read(store, kind, ""));
    // Who may not read pods can do without, where no agent is known by them.
    PodIdentities.namespacesOf(registry.all(Agent.class))
        .forEach(namespace -> registry.read(store, Kind.POD, namespace));
    return registry.snapshot();
  }

  private void read(ResourceStore store, Kind kind, String namespace) {
    for (KubeObject object : store.list(kind, namespace).items()) {
      Decoded decoded = ResourceDecoder.decode(object);
      changed(new ResourceChange.Upsert(decoded.resource()));
      problems(object.key(), decoded.problems());
    }
  }

  /** What a fixed set of resources adds up to. */
  public static RegistrySnapshot snapshot(String trustDomain, Collection<Resource> resources) {
    AgentRegistry registry = new AgentRegistry(trustDomain, _ -> {});
    resources.forEach(resource -> registry.changed(new ResourceChange.Upsert(resource)));
    return registry.snapshot();
  }

  @Override
  public void changed(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(Pod pod) -> isNews |= pods.put(pod);
      case ResourceChange.Upsert(Resource resource) -> {
        resources.put(resource.key(), resource);
        isNews = true;
      }
      case ResourceChange.Removed(ResourceKey key) -> {
        boolean isPod = key.kind() == Kind.POD;
        isNews |= isPod ? pods.remove(key) : resources.remove(key) != null;
      }
      case ResourceChange.InSync _ -> {
        inSync = true;
        isNews = true;
      }
    }
  }

  @Override
  public void problems(ResourceKey key, List<Problem> problems) {
    if (key.kind() == Kind.POD) {
      // Others say what is wrong with pods; labels and account are read whatever else is.
      return;
    }
    List<Problem> before =
        problems.isEmpty() ? unreadable.remove(key) : unreadable.put(key, problems);
    isNews |= !problems.equals(before == null ? List.of() : before);
  }

  @Override
  public void flush() {
    if (inSync && isNews) {
      isNews = false;
      told.accept(snapshot());
    }
  }

  /** The SPIFFE id that an agent claims; empty when its pods do not have one. */
  private Optional<String> spiffeId(Agent agent, Map<ResourceKey, List<Problem>> problems) {
    Agent.Spec spec = agent.spec();
    if (!spec.spiffeId().isEmpty()) {
      return Optional.of(spec.spiffeId());
    }
    Agent.Workload workload = spec.workload();
    if (workload == null) {
      return Optional.of("spiffe://" + trustDomain + "/agent/" + agent.metadata().name());
    }
    return pods.of(agent, workload, trustDomain, problem -> add(problems, agent.key(), problem));
  }

  private RegistrySnapshot snapshot() {
    Map<ResourceKey, List<Problem>> problems = new HashMap<>(unreadable);
    Map<String, Agent> bySpiffeId = bySpiffeId(problems);
    Map<String, Agent> agents = new TreeMap<>();
    Map<String, String> spiffeIds = new HashMap<>();
    bySpiffeId.forEach((id, agent) -> {
      agents.put(agent.metadata().name(), agent);
      spiffeIds.put(agent.metadata().name(), id);
    });
    pods.askedFor(all(Agent.class));
    Map<String, ToolServer> servers = named(ToolServer.class);
    Map<String, ModelProvider> providers = named(ModelProvider.class);

    DeclaredArguments arguments = DeclaredArguments.of(servers.values());
    arguments.problems().forEach(problem -> add(problems, keyOf(problem, servers), problem));
    refreshSchema(arguments);
    refreshEntities(agents, spiffeIds, servers, providers);

    return new RegistrySnapshot(
        Map.copyOf(agents),
        Map.copyOf(bySpiffeId),
        Map.copyOf(spiffeIds),
        Map.copyOf(servers),
        Map.copyOf(providers),
        List.copyOf(all(AgentPolicy.class)),
        tierOrders(),
        List.copyOf(all(Budget.class)),
        halts(),
        store,
        schemaText,
        schema,
        arguments.contradicting(),
        unreadableSets(),
        dataClasses(servers),
        Map.copyOf(problems));
  }

  private static ResourceKey keyOf(Problem problem, Map<String, ToolServer> servers) {
    return servers.values().stream()
        .map(ToolServer::key)
        .filter(key -> key.toString().equals(problem.resource()))
        .findFirst()
        .orElseThrow();
  }

  /** An identity that two agents claim is nobody's: neither can be held to account for a call. */
  private Map<String, Agent> bySpiffeId(Map<ResourceKey, List<Problem>> problems) {
    Map<String, List<Agent>> claims = new TreeMap<>();
    for (Agent agent : all(Agent.class)) {
      spiffeId(agent, problems)
          .ifPresent(id -> claims.computeIfAbsent(id, _ -> new ArrayList<>()).add(agent));
    }
    Map<String, Agent> sole = new TreeMap<>();
    claims.forEach((id, claimants) -> {
      if (claimants.size() == 1) {
        Agent agent = claimants.getFirst();
        if (readable(agent)) {
          sole.put(id, agent);
        }
        return;
      }
      for (Agent agent : claimants) {
        List<String> others =
            claimants.stream()
                .filter(other -> other != agent)
                .map(other -> other.metadata().name())
                .toList();
        add(
            problems,
            agent.key(),
            new Problem(
                agent.key().toString(),
                "spec.spiffeId",
                id,
                "also claimed by " + String.join(", ", others) + ": all of them are refused",
                "give each agent an id of its own"));
      }
    });
    return sole;
  }

  private boolean readable(Resource resource) {
    return !unreadable.containsKey(resource.key());
  }

  private <R extends AgentResource> List<R> all(Class<R> type) {
    return resources.values().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <R extends AgentResource> Map<String, R> named(Class<R> type) {
    Map<String, R> named = new TreeMap<>();
    for (R resource : all(type)) {
      if (readable(resource)) {
        named.put(resource.metadata().name(), resource);
      }
    }
    return named;
  }

  private static void add(
      Map<ResourceKey, List<Problem>> problems, ResourceKey key, Problem problem) {
    List<Problem> all = new ArrayList<>(problems.getOrDefault(key, List.of()));
    all.add(problem);
    problems.put(key, List.copyOf(all));
  }

  private Map<String, Double> tierOrders() {
    Map<String, Double> orders = new HashMap<>();
    Tier.builtIn().forEach(tier -> orders.put(tier.metadata().name(), order(tier)));
    for (Resource resource : resources.values()) {
      if (resource instanceof Tier tier) {
        orders.put(tier.metadata().name(), order(tier));
      }
    }
    return Map.copyOf(orders);
  }

  private static double order(Tier tier) {
    Double order = tier.spec().order();
    return order == null ? Double.POSITIVE_INFINITY : order;
  }

  /** Also of agents that are refused, and of halts that cannot be read. */
  private Map<String, List<AgentHalt>> halts() {
    Map<String, List<AgentHalt>> halts = new HashMap<>();
    List<AgentHalt> all = all(AgentHalt.class);
    for (Agent agent : all.isEmpty() ? List.<Agent>of() : all(Agent.class)) {
      List<AgentHalt> its = all.stream().filter(halt -> Members.isHalted(halt, agent)).toList();
      if (!its.isEmpty()) {
        halts.put(agent.metadata().name(), its);
      }
    }
    return Map.copyOf(halts);
  }

  private Set<EntityUid> unreadableSets() {
    Set<EntityUid> sets = new HashSet<>();
    for (AgentGroup group : all(AgentGroup.class)) {
      if (!readable(group)) {
        sets.add(new EntityUid(RegistryEntities.GROUP, group.metadata().name()));
      }
    }
    for (ToolSet set : all(ToolSet.class)) {
      if (!readable(set)) {
        sets.add(new EntityUid(RegistryEntities.TOOL_SET, set.metadata().name()));
      }
    }
    return Set.copyOf(sets);
  }

  private static Set<String> dataClasses(Map<String, ToolServer> servers) {
    Set<String> classes = new TreeSet<>();
    for (ToolServer server : servers.values()) {
      classes.addAll(server.spec().dataClasses());
      server.spec().tools().stream()
          .map(ToolServer.Tool::dataClass)
          .filter(dataClass -> !dataClass.isEmpty())
          .forEach(classes::add);
    }
    return Set.copyOf(classes);
  }

  private void refreshSchema(DeclaredArguments arguments) {
    String text = AgentSchema.text(arguments.types());
    if (!text.equals(schemaText)) {
      schemaText = text;
      schema = AgentSchema.parse(text);
    }
  }

  private void refreshEntities(
      Map<String, Agent> agents,
      Map<String, String> spiffeIds,
      Map<String, ToolServer> servers,
      Map<String, ModelProvider> providers) {
    Members members = new Members(all(AgentGroup.class), all(ToolSet.class));
    Map<EntityUid, Entity> now = new HashMap<>();
    Actions.ALL.forEach((id, action) -> put(now, RegistryEntities.action(id, action)));
    agents.forEach((name, agent) -> {
      String id = Objects.requireNonNull(spiffeIds.get(name));
      put(now, RegistryEntities.agent(agent, id, members.groups(agent)));
    });
    for (ToolServer server : servers.values()) {
      put(now, RegistryEntities.toolServer(server));
      for (ToolServer.Tool tool : server.spec().tools()) {
        put(now, RegistryEntities.tool(server, tool, members.sets(server, tool)));
      }
    }
    for (ModelProvider provider : providers.values()) {
      put(now, RegistryEntities.modelProvider(provider));
      provider.spec().models().forEach(m -> put(now, RegistryEntities.model(provider, m)));
    }
    members.uids().forEach(uid -> put(now, Members.entity(uid)));
    apply(now);
  }

  private static void put(Map<EntityUid, Entity> entities, Entity entity) {
    entities.put(entity.uid(), entity);
  }

  private void apply(Map<EntityUid, Entity> now) {
    Set<EntityUid> changes = new HashSet<>();
    now.forEach((uid, entity) -> {
      if (!entity.equals(entities.get(uid))) {
        changes.add(uid);
      }
    });
    entities.keySet().stream().filter(uid -> !now.containsKey(uid)).forEach(changes::add);
    if (changes.size() > MANY) {
      store = Entities.of(now.values());
    } else {
      for (EntityUid uid : changes) {
        Entity entity = now.get(uid);
        store = entity == null ? store.without(uid) : store.with(entity);
      }
    }
    entities = now;
  }
}
