package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.decide.PolicyPreview;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The policies of agents: their texts, what is wrong with them, and what another text would do. */
final class AgentPolicyEndpoints {
  private static final String ALL = "/api/v1/agents/policies";

  /** Recorded calls that a changed policy is tried on: the newest. */
  private static final int REPLAYED = 5_000;

  private static final int MOST_CHANGES = 200;

  private final AgentSources sources;
  private final AuditSearch search;

  AgentPolicyEndpoints(AgentSources sources, AuditSearch search) {
    this.sources = sources;
    this.search = search;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get("/api/v1/agents/coverage", this::coverage),
        Route.post(ALL + "/check", this::check));
  }

  private void list(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT_POLICY);
    ObjectNode json = AgentAccess.object();
    json.put("may_edit", AgentAccess.may(exchange, Verb.UPDATE, Kind.AGENT_POLICY));
    json.put("policy_set", sources.decider().policySetHash());
    ArrayNode tiers = json.putArray("tiers");
    sources.registry().get().tierOrders().entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry::getKey))
        .forEach(tier -> tiers.add(tier.getKey()));
    ArrayNode policies = json.putArray("policies");
    for (KubeObject object : sources.store().list(Kind.AGENT_POLICY, "").items()) {
      policies.add(write(object));
    }
    AgentAccess.answer(exchange, json);
  }

  ObjectNode write(KubeObject object) {
    AgentPolicyText text = AgentPolicyText.of(object);
    ObjectNode json = AgentAccess.object().put("name", text.name());
    json.put("tier", text.tier().isEmpty() ? "default" : text.tier());
    json.put("cedar", text.cedar()).put("staged", text.staged());
    json.put("replaces", text.replaces()).put("resource_version", text.version());
    problems(
        json.putArray("problems"),
        sources.decider().problems().getOrDefault(object.key(), List.of()));
    return json;
  }

  private static void problems(ArrayNode array, List<Problem> problems) {
    for (Problem problem : problems) {
      array
          .addObject()
          .put("field", problem.field())
          .put("value", problem.value())
          .put("reason", problem.reason())
          .put("fix", problem.fix());
    }
  }

  /** Which policies decided how many recorded calls, and of whom none speaks. */
  private void coverage(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT_POLICY);
    AgentAccess.requireList(exchange, Kind.AGENT);
    DecidedCalls decided = DecidedCalls.of(search.find(decisions()).records());
    ObjectNode json = AgentAccess.object();
    json.put("considered", decided.considered()).put("by_no_policy", decided.byNoPolicy());
    json.put("since", decided.since().map(Object::toString).orElse(null));
    var speaking = sources.decider().coverage();
    ArrayNode policies = json.putArray("policies");
    sources.registry().get().policies().stream()
        .sorted(Comparator.comparing(policy -> policy.metadata().name()))
        .forEach(policy -> {
          String name = policy.metadata().name();
          ObjectNode one = policies.addObject().put("name", name);
          DecidedCalls.Counts counts = decided.of(name);
          one.put("permitted", counts.permitted()).put("denied", counts.denied());
          one.put("held", counts.held()).put("pending", counts.pending());
          one.put("agents", naming(speaking.agents(), name));
          one.put("targets", naming(speaking.targets(), name));
        });
    silent(json.putArray("agents_without_policy"), speaking.agents());
    silent(json.putArray("targets_without_policy"), speaking.targets());
    AgentAccess.answer(exchange, json);
  }

  private static long naming(Map<String, Set<String>> speaking, String policy) {
    return speaking.values().stream().filter(names -> names.contains(policy)).count();
  }

  private static void silent(ArrayNode array, Map<String, Set<String>> speaking) {
    speaking.forEach((name, policies) -> {
      if (policies.isEmpty()) {
        array.add(name);
      }
    });
  }

  private static AuditQuery decisions() {
    return AuditQuery.newest().with("kind", AuditKind.DECISION.name()).limit(REPLAYED);
  }

  /** Whether a text is valid, and every recorded verdict that it would change. */
  private void check(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT_POLICY);
    AgentAccess.requireList(exchange, Kind.AGENT);
    Set<String> fields = new HashSet<>(AgentPolicyText.FIELDS);
    fields.add("delete");
    JsonNode body = PolicyEditEndpoints.body(exchange, fields);
    boolean delete = body.path("delete").asBoolean();
    if (delete && body.has("cedar")) {
      throw HttpFailure.badRequest("give either cedar or delete");
    }
    String name = body.path("name").asText();
    Optional<AgentPolicy> proposed =
        delete ? Optional.empty() : Optional.of(AgentPolicyText.read(body).policy());
    PolicyPreview preview =
        sources.decider().preview(name, proposed, search.find(decisions()).records());
    ObjectNode json = AgentAccess.object();
    json.put("valid", preview.problems().isEmpty());
    problems(json.putArray("problems"), preview.problems());
    json.put("considered", preview.considered()).put("changed", preview.changes().size());
    json.put("uncertain", preview.uncertain());
    CallJson writer = new CallJson(sources.registry().get(), true);
    ArrayNode changes = json.putArray("changes");
    for (PolicyPreview.Change change : preview.changes().stream().limit(MOST_CHANGES).toList()) {
      ObjectNode one = changes.addObject().put("after", change.after().name());
      one.set("call", writer.call(change.call(), List.of()));
    }
    AgentAccess.answer(exchange, json);
  }
}
