package io.margay.console.summary;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.access.Caller;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowJson;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyDocument;
import io.margay.console.policies.PolicyEndpoints;
import io.margay.console.policies.PolicyJson;
import io.margay.console.policies.PolicySource;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.PolicyStatistic.Point;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The page of a policy: whom it governs, and what each of its rules did. */
public final class PolicySummaryEndpoint {
  private static final int MOST_ENDPOINTS = 200;
  private static final int MOST_DENIED = 50;
  private static final long LAST_HOUR = -3_600;

  private final Supplier<ClusterView> cluster;
  private final PolicySource policies;
  private final FlowReader reader;
  private final InstantSource clock;

  public PolicySummaryEndpoint(
      Supplier<ClusterView> cluster,
      PolicySource policies,
      FlowReader reader,
      InstantSource clock) {
    this.cluster = cluster;
    this.policies = policies;
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/policies/{kind}/{namespace}/{name}/summary", this::summary));
  }

  private void summary(Exchange exchange) throws IOException {
    ResourceKey key = PolicyEndpoints.key(exchange);
    Caller caller = exchange.caller();
    PolicyDocument policy = PolicyEndpoints.visible(policies, exchange, key);
    FlowReader visible = VisibleFlows.of(reader, caller.permissions());
    TimeRange range = FlowParameters.range(exchange, clock.instant(), LAST_HOUR);
    PolicyMatch match =
        new PolicyMatch(policy.kind(), null, policy.namespace(), policy.name(), null);
    List<PolicyStatistic> rules =
        visible.statistics(
            new StatisticsQuery(
                range, StatisticType.PACKETS, StatisticsGroup.POLICY_RULE, match, Duration.ZERO));
    Optional<PolicyActivity> activity =
        visible.policyActivity(range).stream()
            .filter(used -> used.policy().kind().equals(policy.kind()))
            .filter(used -> used.policy().namespace().equals(policy.namespace()))
            .filter(used -> used.policy().name().equals(policy.name()))
            .findFirst();
    List<ClusterEndpoint> governed =
        cluster.get().policy(key).stream()
            .flatMap(known -> cluster.get().governedBy(known).stream())
            .filter(endpoint -> caller.permissions().sees(endpoint.key().namespace()))
            .toList();
    List<Flow> denied = denied(visible, range, policy);
    boolean editable = PolicyEndpoints.editable(caller, policy.tier(), key);
    exchange.json(json -> {
      json.writeStartObject();
      json.writeFieldName("policy");
      PolicyJson.write(policy, editable, json);
      PolicyJson.writeActivity(activity.orElse(null), json);
      json.writeArrayFieldStart("rules");
      write(Direction.INGRESS, policy.ingress(), rules, json);
      write(Direction.EGRESS, policy.egress(), rules, json);
      json.writeEndArray();
      EndpointJson.write("endpoints", governed, MOST_ENDPOINTS, json);
      json.writeNumberField("endpoint_count", governed.size());
      FlowJson.writeFlows("denied", denied, json);
      json.writeEndObject();
    });
  }

  private static List<Flow> denied(FlowReader reader, TimeRange range, PolicyDocument policy) {
    PolicyMatch denying =
        new PolicyMatch(policy.kind(), null, policy.namespace(), policy.name(), RuleAction.DENY);
    FlowFilter filter =
        new FlowFilter(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(denying),
            null,
            false);
    return reader.list(range, filter, FlowOrder.TIME, new Page.Request(0, MOST_DENIED)).items();
  }

  private static void write(
      Direction direction, List<String> texts, List<PolicyStatistic> statistics, JsonGenerator json)
      throws IOException {
    for (int index = -1; index < texts.size(); index++) {
      Sums sums = Sums.of(statistics, direction, index);
      if (index < 0 && sums.isZero()) {
        continue;
      }
      json.writeStartObject();
      json.writeStringField(
          "direction",
          switch (direction) {
            case INGRESS -> "Ingress";
            case EGRESS -> "Egress";
          });
      json.writeNumberField("rule_index", index);
      json.writeStringField("yaml", index < 0 ? "" : texts.get(index));
      json.writeObjectFieldStart("packets");
      json.writeNumberField("allowed", sums.allowed());
      json.writeNumberField("denied", sums.denied());
      json.writeNumberField("passed", sums.passed());
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private record Sums(long allowed, long denied, long passed) {
    static Sums of(List<PolicyStatistic> statistics, Direction direction, int index) {
      Sums sums = new Sums(0, 0, 0);
      for (PolicyStatistic statistic : statistics) {
        PolicyStatistic.Rule rule = statistic.rule();
        if (rule != null && rule.direction() == direction && rule.index() == index) {
          for (Point point : statistic.points()) {
            sums =
                new Sums(
                    sums.allowed + point.allowedIn() + point.allowedOut(),
                    sums.denied + point.deniedIn() + point.deniedOut(),
                    sums.passed + point.passedIn() + point.passedOut());
          }
        }
      }
      return sums;
    }

    boolean isZero() {
      return allowed + denied + passed == 0;
    }
  }
}
