package io.margay.console.policies;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.access.Permissions;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.RecordedTimes;
import io.margay.console.flow.RecordedTimes.Gap;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.Route;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When policies and rules were last used, and what the history cannot know of that. */
public final class PolicyUseEndpoint {
  private static final long NINETY_DAYS_AGO = -Duration.ofDays(90).toSeconds();

  private final PolicySource source;
  private final FlowReader reader;
  private final RecordedTimes recorded;
  private final InstantSource clock;

  public PolicyUseEndpoint(PolicySource source, FlowReader reader, InstantSource clock) {
    this.source = source;
    this.reader = reader;
    this.recorded = new RecordedTimes(reader);
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/policies/use", this::use));
  }

  private void use(Exchange exchange) throws IOException {
    Permissions permissions = exchange.caller().permissions();
    Instant now = clock.instant();
    Instant asked = FlowParameters.range(exchange, now, NINETY_DAYS_AGO).from();
    Instant since =
        asked.isAfter(Instant.EPOCH) ? asked.truncatedTo(ChronoUnit.SECONDS) : Instant.EPOCH;
    Map<PolicyName, PolicyActivity> activities = new HashMap<>();
    VisibleFlows.of(reader, permissions)
        .policyActivity(TimeRange.ALWAYS)
        .forEach(activity -> activities.put(activity.policy(), activity));
    Instant recordedSince = recorded.since();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeStringField("since", since.toString());
      json.writeStringField("recorded_since", text(recordedSince));
      json.writeArrayFieldStart("gaps");
      for (Gap gap :
          recordedSince == null ? List.<Gap>of() : recorded.gaps(since, recordedSince, now)) {
        json.writeStartObject();
        json.writeStringField("from", gap.from().toString());
        json.writeStringField("to", gap.to().toString());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("policies");
      for (TierListing tier : source.tiers()) {
        for (TierListing.Policy policy : tier.policies()) {
          if (permissions.sees(policy.namespace())) {
            PolicyName name =
                new PolicyName(policy.kind(), tier.name(), policy.namespace(), policy.name());
            write(tier, PolicyUse.of(policy, activities.get(name)), since, json);
          }
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void write(TierListing tier, PolicyUse use, Instant since, JsonGenerator json)
      throws IOException {
    TierListing.Policy policy = use.policy();
    json.writeStartObject();
    json.writeStringField("kind", policy.kind());
    json.writeStringField("namespace", policy.namespace());
    json.writeStringField("name", policy.name());
    json.writeStringField("tier", tier.name());
    json.writeStringField("owner", policy.owner());
    json.writeBooleanField("staged", policy.staged());
    json.writeNumberField("generation", policy.age().generation());
    json.writeStringField("created_at", text(policy.age().created()));
    json.writeStringField("changed_at", text(policy.age().changed()));
    writeUse(use, use.lastUsed(), since, json);
    json.writeArrayFieldStart("rules");
    for (PolicyUse.Rule rule : use.rules()) {
      json.writeStartObject();
      json.writeStringField("direction", rule.direction().toString().toLowerCase(Locale.ROOT));
      json.writeNumberField("index", rule.index());
      writeUse(use, rule.lastUsed(), since, json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeUse(
      PolicyUse use, @Nullable Instant lastUsed, Instant since, JsonGenerator json)
      throws IOException {
    json.writeStringField("last_used", text(lastUsed));
    Boolean inThisGeneration = use.inThisGeneration(lastUsed);
    if (inThisGeneration == null) {
      json.writeNullField("in_this_generation");
    } else {
      json.writeBooleanField("in_this_generation", inThisGeneration);
    }
    json.writeBooleanField("unused", lastUsed == null || lastUsed.isBefore(since));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
