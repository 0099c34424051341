package io.margay.console.why;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowId;
import io.margay.console.flow.FlowJson;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyJson;
import io.margay.console.policies.PolicyYaml;
import io.margay.console.policies.StagedForm;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowReader;
import io.margay.model.manifest.KubeObject;
import io.margay.policy.why.Change;
import io.margay.policy.why.Explanation.Flip;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Proposes what would turn a verdict, as policies that can be staged as they are. */
public final class FixEndpoints {
  private final WhySource why;
  private final ResourceStore store;
  private final FlowReader reader;
  private final Supplier<ClusterView> cluster;

  public FixEndpoints(
      WhySource why, ResourceStore store, FlowReader reader, Supplier<ClusterView> cluster) {
    this.why = why;
    this.store = store;
    this.reader = reader;
    this.cluster = cluster;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/fix", exchange -> answer(exchange, WhyEndpoint.question(exchange))),
        Route.get("/api/v1/flows/{id}/fix", exchange -> answer(exchange, question(exchange))));
  }

  /** What a flow asked for, between pods that are there now. */
  private WhyQuestion question(Exchange exchange) {
    String id = exchange.path("id");
    Flow flow =
        FlowId.parse(id)
            .flatMap(known -> known.find(VisibleFlows.of(reader, exchange.caller().permissions())))
            .orElseThrow(() -> FlowId.notFound(id));
    ClusterView view = cluster.get();
    return new WhyQuestion(
        peer("source", flow.key().source(), view),
        peer("destination", flow.key().dest(), view),
        flow.key().protocol(),
        flow.key().destPort());
  }

  private static String peer(String end, FlowPeer peer, ClusterView view) {
    return switch (peer.type()) {
      case WORKLOAD_ENDPOINT, HOST_ENDPOINT -> {
        List<ClusterEndpoint> named = view.named(peer.namespace(), peer.name());
        if (named.isEmpty()) {
          throw new HttpFailure(
              422,
              "the %s %s/%s is gone: nothing is there now that could be judged"
                  .formatted(end, peer.namespace(), peer.name()));
        }
        yield named.getFirst().toString();
      }
      case NETWORK_SET, NETWORK ->
          throw new HttpFailure(
              422,
              "the %s is %s, and flow records keep no addresses: ask /api/v1/fix with one"
                  .formatted(end, FlowJson.displayName(peer.name())));
    };
  }

  private void answer(Exchange exchange, WhyQuestion question) throws IOException {
    WhyAnswer answer = WhyEndpoint.answer(why, exchange, question);
    exchange.json(json -> {
      json.writeStartObject();
      WhyJson.writeQuestion(question, json);
      json.writeStringField("action", WhyJson.verdict(answer));
      Flip flip = answer.explanation().flip();
      json.writeArrayFieldStart("changes");
      for (Change change : flip == null ? List.<Change>of() : flip.changes()) {
        write(change, json);
      }
      json.writeEndArray();
      PolicyJson.writeTexts("notes", answer.notes(), json);
      json.writeEndObject();
    });
  }

  private void write(Change change, JsonGenerator json) throws IOException {
    Optional<KubeObject> stored = store.get(change.policy());
    KubeObject after = ChangedPolicy.of(change, stored);
    json.writeStartObject();
    json.writeStringField("statement", change.statement());
    PolicyJson.writeRef("policy", change.policy(), json);
    json.writeStringField("tier", ChangedPolicy.tier(change.result()));
    json.writeBooleanField("exists", stored.isPresent());
    json.writeStringField("rule_yaml", change.yaml());
    json.writeStringField(
        "before_yaml", stored.map(object -> PolicyYaml.of(object.json())).orElse(""));
    json.writeStringField("after_yaml", PolicyYaml.of(after.json()));
    json.writeStringField(
        "staged_yaml",
        StagedForm.stagedKind(after.kind())
            .map(kind -> PolicyYaml.of(StagedForm.staged(after).json()))
            .orElse(null));
    json.writeStringField("resource_version", stored.map(KubeObject::resourceVersion).orElse(""));
    json.writeEndObject();
  }
}
