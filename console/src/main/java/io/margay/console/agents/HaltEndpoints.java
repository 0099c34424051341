package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.Draft;
import io.margay.agents.registry.NewHalt;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stops agents, and lets them go on; both with a reason. */
final class HaltEndpoints {
  private static final int MOST_MINUTES = 366 * 24 * 60;

  private final AgentSources sources;
  private final AgentChanges changes;
  private final InstantSource clock;

  HaltEndpoints(AgentSources sources, AgentChanges changes, InstantSource clock) {
    this.sources = sources;
    this.changes = changes;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/agents/halts", this::list),
        Route.post("/api/v1/agents/halts", this::halt),
        Route.post("/api/v1/agents/halts/{name}/lift", this::lift));
  }

  private void list(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT_HALT);
    ObjectNode json = AgentAccess.object();
    json.put("may_halt", AgentAccess.may(exchange, Verb.CREATE, Kind.AGENT_HALT));
    json.put("may_lift", AgentAccess.may(exchange, Verb.DELETE, Kind.AGENT_HALT));
    ArrayNode halts = json.putArray("halts");
    for (KubeObject object : sources.store().list(Kind.AGENT_HALT, "").items()) {
      halts.add(write(object));
    }
    AgentAccess.answer(exchange, json);
  }

  private ObjectNode write(KubeObject object) {
    AgentHalt halt = (AgentHalt) ResourceDecoder.decode(object).resource();
    Instant until = halt.spec().until();
    Instant made = halt.metadata().creationTimestamp();
    ObjectNode json = AgentAccess.object().put("name", object.name());
    json.put("agent", halt.spec().agent());
    json.put("selector", object.json().at("/spec/selector").asText());
    json.put("reason", halt.spec().reason());
    json.put("until", until == null ? null : until.toString());
    json.put("since", made == null ? null : made.toString());
    json.put("holds", halt.holdsAt(clock.instant()));
    ArrayNode agents = json.putArray("agents");
    sources
        .registry()
        .get()
        .halts()
        .forEach((agent, of) -> {
          if (of.stream().anyMatch(one -> one.metadata().name().equals(object.name()))) {
            agents.add(agent);
          }
        });
    return json;
  }

  private void halt(Exchange exchange) throws IOException {
    JsonNode body =
        PolicyEditEndpoints.body(exchange, Set.of("agent", "selector", "reason", "minutes"));
    Optional<String> agent = text(body, "agent");
    Optional<String> selector = text(body, "selector");
    if (agent.isPresent() == selector.isPresent()) {
      throw HttpFailure.badRequest("give either agent, a name, or selector");
    }
    if (agent.isPresent() && !changes.exists(new ResourceKey(Kind.AGENT, "", agent.get()))) {
      throw HttpFailure.notFound("there is no agent " + agent.get());
    }
    int minutes = body.path("minutes").asInt();
    if (minutes < 0 || minutes > MOST_MINUTES) {
      throw HttpFailure.badRequest(
          "minutes %d: write 0 for no end, or at most %d".formatted(minutes, MOST_MINUTES));
    }
    String reason = reason(body);
    KubeObject object =
        new NewHalt(
                agent,
                selector,
                reason,
                minutes == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes)))
            .object(clock.instant());
    AgentAccess.require(exchange, Verb.CREATE, object.key());
    AgentAccess.answer(
        exchange,
        write(changes.create(exchange, object, draft(object.name(), "halt requested", reason))));
  }

  private void lift(Exchange exchange) throws IOException {
    JsonNode body = PolicyEditEndpoints.body(exchange, Set.of("reason"));
    String name = exchange.path("name");
    ResourceKey key = new ResourceKey(Kind.AGENT_HALT, "", name);
    AgentAccess.require(exchange, Verb.DELETE, key);
    changes.delete(exchange, key, "", draft(name, "lift requested", reason(body)));
    AgentAccess.answer(exchange, AgentAccess.object().put("lifted", name));
  }

  private Draft draft(String halt, String status, String reason) {
    return Draft.halt(halt, status, "", reason, clock.instant());
  }

  private static String reason(JsonNode body) {
    return text(body, "reason")
        .orElseThrow(() -> HttpFailure.badRequest("reason is missing: say why"));
  }

  private static Optional<String> text(JsonNode body, String field) {
    return Optional.of(body.path(field).asText().strip()).filter(text -> !text.isEmpty());
  }
}
