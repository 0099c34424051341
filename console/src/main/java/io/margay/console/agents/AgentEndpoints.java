package io.margay.console.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.call.User;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who the agents are, what they may call, and what they did. */
final class AgentEndpoints {
  private static final Duration USUAL_TIME = Duration.ofHours(1);
  private static final int RECENT = 20;

  private final AgentSources sources;
  private final AuditSearch search;
  private final InstantSource clock;

  AgentEndpoints(AgentSources sources, AuditSearch search, InstantSource clock) {
    this.sources = sources;
    this.search = search;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/agents/registry", this::list),
        Route.get("/api/v1/agents/registry/{name}", this::one),
        Route.get("/api/v1/agents/graph", this::graph));
  }

  private void list(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT);
    RegistrySnapshot registry = sources.registry().get();
    Map<String, String> workloads = CallFilter.workloads(registry);
    ObjectNode json = AgentAccess.object();
    ArrayNode agents = json.putArray("agents");
    for (Map.Entry<String, Agent> agent : new TreeMap<>(registry.agents()).entrySet()) {
      String workload = workloads.getOrDefault(agent.getKey(), "");
      agents.add(write(agent.getValue(), workload, newest(workload)));
    }
    ArrayNode refused = json.putArray("refused");
    problems()
        .forEach((key, problems) -> {
          if (key.kind() == Kind.AGENT && !registry.agents().containsKey(key.name())) {
            ObjectNode one = refused.addObject().put("name", key.name());
            texts(one.putArray("problems"), problems);
          }
        });
    AgentAccess.answer(exchange, json);
  }

  private void one(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT);
    boolean policies = AgentAccess.may(exchange, Verb.LIST, Kind.AGENT_POLICY);
    String name = exchange.path("name");
    RegistrySnapshot registry = sources.registry().get();
    Agent agent = registry.agents().get(name);
    if (agent == null) {
      throw HttpFailure.notFound("there is no agent " + name + " that may be used");
    }
    String workload = CallFilter.workloads(registry).getOrDefault(name, "");
    List<AuditRecord> recent = search.find(decisions(workload).limit(RECENT)).records();
    Optional<AuditRecord> own =
        recent.stream().filter(record -> workload.equals(AgentRights.caller(record))).findFirst();
    ObjectNode json = write(agent, workload, own);
    Optional<User> user =
        recent.stream().flatMap(record -> AgentRights.user(record).stream()).findFirst();
    AgentRights rights = new AgentRights(registry, sources.decider(), clock.instant());
    json.put("rights_user", user.map(User::subject).orElse(""));
    rights.groups().forEach(json.putArray("rights_groups")::add);
    json.set("rights", rights.of(workload, user));
    ArrayNode calls = json.putArray("recent");
    CallJson writer = new CallJson(registry, policies);
    for (AuditRecord record : recent) {
      calls.add(writer.call(record, search.about(record.sequence())));
    }
    AgentAccess.answer(exchange, json);
  }

  private ObjectNode write(Agent agent, String workload, Optional<AuditRecord> last) {
    Agent.Spec spec = agent.spec();
    String name = agent.metadata().name();
    ObjectNode json = AgentAccess.object().put("name", name).put("workload", workload);
    json.put("owner", spec.owner()).put("team", spec.team()).put("purpose", spec.purpose());
    json.put("risk", spec.riskLevel().name()).put("environment", spec.environment());
    json.put("version", spec.version());
    json.put("a2a", spec.a2a() == null ? "" : spec.a2a().url());
    ArrayNode capabilities = json.putArray("capabilities");
    spec.capabilities().stream().sorted().forEach(capabilities::add);
    Optional<AgentHalt> halt = sources.registry().get().haltOf(name, clock.instant());
    json.put("halt", halt.map(found -> found.metadata().name()).orElse(""));
    json.put("halt_reason", halt.map(found -> found.spec().reason()).orElse(""));
    json.put("last_used", last.map(record -> record.time().toString()).orElse(null));
    json.put(
        "last_verdict",
        last.flatMap(record -> record.event().decision())
            .map(decision -> decision.enforced().verdict().name())
            .orElse(null));
    texts(
        json.putArray("problems"),
        problems().getOrDefault(new ResourceKey(Kind.AGENT, "", name), List.of()));
    return json;
  }

  private Map<ResourceKey, List<Problem>> problems() {
    return new TreeMap<>(sources.decider().allProblems());
  }

  private static void texts(ArrayNode array, List<Problem> problems) {
    problems.forEach(problem -> array.add(problem.toString()));
  }

  private static AuditQuery decisions(String workload) {
    return AuditQuery.newest().with("kind", AuditKind.DECISION.name()).with("agent", workload);
  }

  /** The newest call that an agent made or that was made further down its chain. */
  private Optional<AuditRecord> newest(String workload) throws IOException {
    return search.find(decisions(workload).limit(1)).records().stream().findFirst();
  }

  private void graph(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT);
    Instant since = CallFilter.time(exchange, "since").orElse(clock.instant().minus(USUAL_TIME));
    Optional<Instant> until = CallFilter.time(exchange, "until");
    AuditQuery query =
        AuditQuery.newest()
            .with("kind", AuditKind.DECISION.name())
            .between(Optional.of(since), until);
    boolean byTool = exchange.query("level").filter("tool"::equals).isPresent();
    AgentAccess.answer(
        exchange, CallGraph.of(sources.registry().get(), search, query, byTool).json());
  }
}
