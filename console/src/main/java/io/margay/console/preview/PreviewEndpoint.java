package io.margay.console.preview;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowJson;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyChange;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.console.policies.PolicyJson;
import io.margay.console.policies.PolicyNames;
import io.margay.console.policies.PolicyYaml;
import io.margay.console.preview.Conversation.Ends;
import io.margay.console.preview.Conversation.Judgement;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.TwoStates;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Previews a change to whoever may make it. */
public final class PreviewEndpoint {
  private static final int MOST_FLOWS = 2_000;
  private static final int MOST_ENDPOINTS = 200;
  private static final int LAST_HOUR = -3_600;

  private final Supplier<ClusterView> cluster;
  private final ResourceStore store;
  private final FlowReader reader;
  private final InstantSource clock;

  public PreviewEndpoint(
      Supplier<ClusterView> cluster, ResourceStore store, FlowReader reader, InstantSource clock) {
    this.cluster = cluster;
    this.store = store;
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.post("/api/v1/policies/preview", this::preview));
  }

  private void preview(Exchange exchange) throws IOException {
    JsonNode body =
        PolicyEditEndpoints.body(
            exchange, Set.of("yaml", "delete", "startTimeGte", "startTimeLt", "limit", "traffic"));
    PolicyChange change = PolicyChange.read(body, store);
    change.checkPermitted(exchange.caller());
    TimeRange range =
        FlowParameters.range(
            number(body, "startTimeGte", LAST_HOUR),
            number(body, "startTimeLt", 0),
            clock.instant());
    int limit = (int) number(body, "limit", 200);
    if (limit < 1 || limit > MOST_FLOWS) {
      throw HttpFailure.badRequest("limit " + limit + " is not between 1 and " + MOST_FLOWS);
    }
    // It names the endpoints of all namespaces.
    boolean traffic = body.path("traffic").asBoolean() && exchange.caller().permissions().seesAll();
    Page<Flow> flows =
        VisibleFlows.of(reader, exchange.caller().permissions())
            .list(range, FlowFilter.ALL, FlowOrder.TIME, new Page.Request(0, MOST_FLOWS));
    ClusterView before = cluster.get();
    ClusterView after = after(before, change);
    TwoStates states =
        TwoStates.of(
            before.resources(),
            after.resources(),
            traffic ? Scope.allNodes() : scope(before, flows.items()),
            Failsafes.CALICO);
    ChangePreview preview = new ChangePreview(states, change.staged(), List.of());
    List<Judged> judged = judged(preview, flows.items());
    JsonNode turned = traffic ? traffic(preview, states, change.staged()) : null;
    exchange.json(json -> {
      json.writeStartObject();
      PolicyJson.writeRef("policy", change.key(), json);
      json.writeStringField("before_yaml", yaml(change.before()));
      json.writeStringField("after_yaml", yaml(change.after()));
      json.writeBooleanField("staged", change.staged());
      writeFlows(judged, flows.totalResults() > judged.size(), limit, json);
      writeEndpoints(governed(before, change.key()), governed(after, change.key()), json);
      json.writeFieldName("traffic");
      if (turned == null) {
        json.writeNull();
      } else {
        json.writeTree(turned);
      }
      json.writeEndObject();
    });
  }

  /** Everything that would be judged differently, recorded or not. */
  private static JsonNode traffic(ChangePreview preview, TwoStates states, boolean staged) {
    PreviewReport report =
        new PreviewReport(
            List.of(), staged, Optional.empty(), preview.comparison().differences(), false);
    return PreviewJson.of(report, states, preview.comparison().places()).path("endpoints");
  }

  private static ClusterView after(ClusterView before, PolicyChange change) {
    Map<ResourceKey, Resource> resources = new HashMap<>(before.resources());
    if (change.after() == null) {
      resources.remove(change.key());
    } else {
      resources.put(change.key(), ResourceDecoder.decode(change.after()).resource());
    }
    return new ClusterView(resources);
  }

  /** Only the endpoints of these flows need decision tables. */
  private static Scope scope(ClusterView view, List<Flow> flows) {
    Set<FlowPeer> peers = new HashSet<>();
    flows.forEach(flow -> {
      peers.add(flow.key().source());
      peers.add(flow.key().dest());
    });
    return Scope.only(
        view.endpoints().stream()
            .filter(endpoint -> peers.contains(endpoint.peer()))
            .map(ClusterEndpoint::key)
            .collect(Collectors.toSet()));
  }

  /** A flow, and what becomes of the conversation of which it tells. */
  private record Judged(Flow flow, Judgement judgement) {
    boolean turns(boolean allowed) {
      return judgement instanceof Judgement.Turned turned && turned.verdicts().after() == allowed;
    }
  }

  private static List<Judged> judged(ChangePreview preview, List<Flow> flows) {
    Map<Ends, Judgement> judgements = new HashMap<>();
    preview.judge(flows).forEach(c -> judgements.put(c.ends(), c.judgement()));
    return flows.stream()
        .map(flow -> new Judged(flow, requireNonNull(judgements.get(Ends.of(flow.key())))))
        .toList();
  }

  private static Set<String> governed(ClusterView view, ResourceKey key) {
    Set<String> names = new TreeSet<>();
    if (PolicyNames.isPolicy(key.kind())) {
      view.policy(key)
          .ifPresent(policy -> view.governedBy(policy).forEach(e -> names.add(e.toString())));
    }
    return names;
  }

  private static long number(JsonNode body, String field, long missing) {
    JsonNode value = body.path(field);
    if (value.isMissingNode()) {
      return missing;
    }
    if (!value.isIntegralNumber()) {
      throw HttpFailure.badRequest(field + " " + value + " is not a whole number");
    }
    return value.asLong();
  }

  private static void writeFlows(
      List<Judged> judged, boolean truncated, int limit, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("flows");
    json.writeNumberField("considered", judged.size());
    json.writeNumberField("newly_allowed", count(judged, flow -> flow.turns(true)));
    json.writeNumberField("newly_denied", count(judged, flow -> flow.turns(false)));
    json.writeNumberField(
        "unchanged", count(judged, flow -> flow.judgement() instanceof Judgement.Same));
    json.writeNumberField(
        "uncertain", count(judged, flow -> flow.judgement() instanceof Judgement.Unknown));
    json.writeBooleanField("truncated", truncated);
    json.writeArrayFieldStart("items");
    for (Judged flow :
        judged.stream()
            .filter(flow -> !(flow.judgement() instanceof Judgement.Same))
            .limit(limit)
            .toList()) {
      write(flow, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeEndpoints(Set<String> before, Set<String> after, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart("endpoints");
    json.writeNumberField("before", before.size());
    json.writeNumberField("after", after.size());
    PolicyJson.writeTexts("gained", without(after, before), json);
    PolicyJson.writeTexts("lost", without(before, after), json);
    json.writeEndObject();
  }

  private static String yaml(@Nullable KubeObject object) {
    return object == null ? "" : PolicyYaml.of(object.json());
  }

  private static long count(List<Judged> judged, Predicate<Judged> which) {
    return judged.stream().filter(which).count();
  }

  private static List<String> without(Set<String> some, Set<String> others) {
    Set<String> rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest.stream().limit(MOST_ENDPOINTS).toList();
  }

  private static void write(Judged judged, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeFieldName("flow");
    FlowJson.write(judged.flow(), json);
    switch (judged.judgement()) {
      case Judgement.Turned turned ->
          write(action(turned.verdicts().before()), action(turned.verdicts().after()), "", json);
      case Judgement.Unknown(String missing) -> write(null, null, "it depends on " + missing, json);
      case Judgement.Same() -> {}
    }
    json.writeEndObject();
  }

  private static void write(
      @Nullable String before, @Nullable String after, String reason, JsonGenerator json)
      throws IOException {
    json.writeStringField("before", before);
    json.writeStringField("after", after);
    json.writeBooleanField("uncertain", !reason.isEmpty());
    json.writeStringField("reason", reason);
  }

  private static String action(boolean allowed) {
    return allowed ? "Allow" : "Deny";
  }
}
