package io.margay.console.preview;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
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
import io.margay.console.policies.PolicyYaml;
import io.margay.console.preview.PolicyPreview.Judged;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Resource;
import io.margay.model.verdict.Verdict;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
            exchange, Set.of("yaml", "delete", "startTimeGte", "startTimeLt", "limit"));
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
    Page<Flow> flows =
        VisibleFlows.of(reader, exchange.caller().permissions())
            .list(range, FlowFilter.ALL, FlowOrder.TIME, new Page.Request(0, MOST_FLOWS));
    PolicyPreview preview =
        PolicyPreview.of(
            cluster.get(), flows.items(), change.key(), resource(change.after()), change.staged());
    exchange.json(json -> write(change, preview, flows, limit, json));
  }

  private static @Nullable Resource resource(@Nullable KubeObject object) {
    return object == null ? null : ResourceDecoder.decode(object).resource();
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

  private static void write(
      PolicyChange change, PolicyPreview preview, Page<Flow> flows, int limit, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    PolicyJson.writeRef("policy", change.key(), json);
    json.writeStringField("before_yaml", yaml(change.before()));
    json.writeStringField("after_yaml", yaml(change.after()));
    json.writeBooleanField("staged", change.staged());
    json.writeObjectFieldStart("flows");
    json.writeNumberField("considered", preview.judged().size());
    json.writeNumberField("newly_allowed", count(preview, j -> turns(j, Verdict.ALLOW)));
    json.writeNumberField("newly_denied", count(preview, j -> turns(j, Verdict.DENY)));
    json.writeNumberField("unchanged", count(preview, j -> !j.uncertain() && !j.changed()));
    json.writeNumberField("uncertain", count(preview, Judged::uncertain));
    json.writeBooleanField("truncated", flows.totalResults() > preview.judged().size());
    json.writeArrayFieldStart("items");
    for (Judged judged :
        preview.judged().stream().filter(j -> j.changed() || j.uncertain()).limit(limit).toList()) {
      write(judged, json);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("endpoints");
    json.writeNumberField("before", preview.before().size());
    json.writeNumberField("after", preview.after().size());
    PolicyJson.writeTexts("gained", without(preview.after(), preview.before()), json);
    PolicyJson.writeTexts("lost", without(preview.before(), preview.after()), json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String yaml(@Nullable KubeObject object) {
    return object == null ? "" : PolicyYaml.of(object.json());
  }

  private static long count(PolicyPreview preview, Predicate<Judged> which) {
    return preview.judged().stream().filter(which).count();
  }

  private static boolean turns(Judged judged, Verdict to) {
    return !judged.uncertain() && judged.changed() && judged.after() == to;
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
    json.writeStringField("before", action(judged.before()));
    json.writeStringField("after", action(judged.after()));
    json.writeBooleanField("uncertain", judged.uncertain());
    json.writeStringField("reason", judged.reason());
    json.writeEndObject();
  }

  private static @Nullable String action(@Nullable Verdict verdict) {
    return switch (verdict) {
      case null -> null;
      case ALLOW -> "Allow";
      case DENY -> "Deny";
      case CONTINUE -> "Pass";
    };
  }
}
