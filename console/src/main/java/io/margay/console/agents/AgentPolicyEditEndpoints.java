package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.audit.Draft;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes the policies of agents. A text that would be refused is not stored. */
final class AgentPolicyEditEndpoints {
  private static final String ALL = "/api/v1/agents/policies";
  private static final String ONE = ALL + "/{name}";

  private final AgentSources sources;
  private final AgentChanges changes;
  private final AgentPolicyEndpoints reader;

  AgentPolicyEditEndpoints(
      AgentSources sources, AgentChanges changes, AgentPolicyEndpoints reader) {
    this.sources = sources;
    this.changes = changes;
    this.reader = reader;
  }

  List<Route> routes() {
    return List.of(
        Route.post(ALL + "/apply", this::apply),
        Route.post(ONE + "/enforce", this::enforce),
        Route.delete(ONE, this::delete));
  }

  private void apply(Exchange exchange) throws IOException {
    AgentPolicyText text =
        AgentPolicyText.read(PolicyEditEndpoints.body(exchange, AgentPolicyText.FIELDS));
    AgentAccess.answer(exchange, reader.write(write(exchange, text)));
  }

  /** A text without a version is of a policy that does not exist yet. */
  private KubeObject write(Exchange exchange, AgentPolicyText text) {
    ResourceKey key = text.key();
    Optional<KubeObject> stored =
        text.version().isEmpty() ? Optional.empty() : Optional.of(changes.stored(key));
    Verb verb = stored.isPresent() ? Verb.UPDATE : Verb.CREATE;
    AgentAccess.require(exchange, verb, key);
    List<Problem> problems =
        sources.decider().preview(text.name(), Optional.of(text.policy()), List.of()).problems();
    if (!problems.isEmpty()) {
      throw HttpFailure.of(422, problems);
    }
    KubeObject object = text.object(stored);
    return stored.isPresent()
        ? changes.update(exchange, object, draft(text.name(), "change requested"))
        : changes.create(exchange, object, draft(text.name(), "addition requested"));
  }

  /**
   * Enforces a staged policy: in the place of the one that it replaces, or under its own name. What
   * is enforced is written first: if the staged one cannot be deleted then, it does no harm.
   */
  private void enforce(Exchange exchange) throws IOException {
    JsonNode body = PolicyEditEndpoints.body(exchange, Set.of("resource_version"));
    KubeObject object = changes.stored(AgentPolicyText.key(exchange.path("name")));
    AgentPolicyText staged = AgentPolicyText.of(object);
    if (!staged.staged()) {
      throw new HttpFailure(422, staged.name() + " is enforced already");
    }
    if (!staged.version().equals(body.path("resource_version").asText())) {
      throw new HttpFailure(409, staged.name() + " was changed meanwhile: reload it");
    }
    ResourceKey replaced = AgentPolicyText.key(staged.replaces());
    if (staged.replaces().isEmpty() || !changes.exists(replaced)) {
      AgentPolicyText enforced = staged.as(staged.name(), false, "", staged.version());
      AgentAccess.answer(exchange, reader.write(write(exchange, enforced)));
      return;
    }
    AgentAccess.require(exchange, Verb.DELETE, staged.key());
    String version = changes.stored(replaced).resourceVersion();
    KubeObject written = write(exchange, staged.as(staged.replaces(), false, "", version));
    changes.delete(
        exchange, staged.key(), staged.version(), draft(staged.name(), "removal requested"));
    AgentAccess.answer(exchange, reader.write(written));
  }

  private void delete(Exchange exchange) throws IOException {
    String name = exchange.path("name");
    ResourceKey key = AgentPolicyText.key(name);
    AgentAccess.require(exchange, Verb.DELETE, key);
    changes.delete(
        exchange,
        key,
        exchange.query("resourceVersion").orElse(""),
        draft(name, "removal requested"));
    AgentAccess.answer(exchange, AgentAccess.object().put("deleted", name));
  }

  private Draft draft(String policy, String status) {
    return Draft.policyChange(
        "AgentPolicy/" + policy, status, "", sources.decider().policySetHash(), changes.now());
  }
}
