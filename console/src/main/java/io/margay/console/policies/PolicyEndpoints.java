package io.margay.console.policies;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.access.Caller;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.Route;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows policies, their order, and what they did. */
public final class PolicyEndpoints {
  private static final long LAST_HOUR = -3_600;

  private final PolicySource source;
  private final FlowReader reader;
  private final InstantSource clock;

  public PolicyEndpoints(PolicySource source, FlowReader reader, InstantSource clock) {
    this.source = source;
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/tiers", this::tiers),
        Route.get("/api/v1/policies/{kind}/{namespace}/{name}", this::policy));
  }

  private void policy(Exchange exchange) throws IOException {
    ResourceKey key = key(exchange);
    PolicyDocument policy = visible(source, exchange, key);
    boolean editable = editable(exchange.caller(), policy.tier(), key);
    exchange.json(json -> PolicyJson.write(policy, editable, json));
  }

  /**
   * The policy that a path names.
   *
   * @throws io.margay.console.http.HttpFailure 404 for a kind that stands for no object
   */
  public static ResourceKey key(Exchange exchange) {
    return PolicyNames.key(exchange);
  }

  public static ResourceKey key(TierListing.Policy policy) {
    return PolicyNames.key(policy.kind(), policy.namespace(), policy.name());
  }

  /** A policy that the caller may see; what may not be seen does not exist for that caller. */
  public static PolicyDocument visible(PolicySource source, Exchange exchange, ResourceKey key) {
    return source
        .find(PolicyNames.of(key.kind()), key.namespace(), key.name())
        .filter(found -> exchange.caller().permissions().sees(key.namespace()))
        .orElseThrow(() -> PolicyNames.notFound(key));
  }

  private void tiers(Exchange exchange) throws IOException {
    Caller caller = exchange.caller();
    List<TierListing> tiers = source.tiers();
    Map<PolicyName, PolicyActivity> activity = new HashMap<>();
    VisibleFlows.of(reader, caller.permissions())
        .policyActivity(FlowParameters.range(exchange, clock.instant(), LAST_HOUR))
        .forEach(used -> activity.put(used.policy(), used));
    exchange.json(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("tiers");
      for (TierListing tier : tiers) {
        write(tier, caller, activity, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void write(
      TierListing tier, Caller caller, Map<PolicyName, PolicyActivity> activity, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tier.name());
    PolicyJson.writeOrder(tier.order(), json);
    json.writeStringField("default_action", tier.defaultAction().toString());
    json.writeBooleanField("missing", tier.missing());
    json.writeArrayFieldStart("policies");
    for (TierListing.Policy policy : tier.policies()) {
      if (caller.permissions().sees(policy.namespace())) {
        PolicyName name =
            new PolicyName(policy.kind(), tier.name(), policy.namespace(), policy.name());
        PolicyJson.write(policy, editable(caller, tier.name(), policy), activity.get(name), json);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Whether a caller may change a policy of a tier. */
  public static boolean editable(Caller caller, String tier, TierListing.Policy policy) {
    return editable(caller, tier, key(policy));
  }

  public static boolean editable(Caller caller, String tier, ResourceKey key) {
    return PolicyText.editable(key.kind()) && caller.permissions().permits(Verb.UPDATE, key, tier);
  }
}
