package io.margay.flows.goldmane;

import static io.margay.flows.goldmane.Answering.answer;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.margay.flows.goldmane.proto.StatisticsGrpc;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.margay.model.verdict.Direction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Goldmane's Statistics service. */
public final class StatisticsApi extends StatisticsGrpc.StatisticsImplBase {
  private final FlowReader reader;
  private final InstantSource clock;

  public StatisticsApi(FlowReader reader, InstantSource clock) {
    this.reader = reader;
    this.clock = clock;
  }

  @Override
  public void list(Wire.StatisticsRequest request, StreamObserver<Wire.StatisticsResult> client) {
    answer(
        client,
        () -> {
          List<PolicyStatistic> statistics = ask(request);
          if (statistics.isEmpty()) {
            // Goldmane's clients know that proxies may lose an error without a message before it.
            client.onNext(Wire.StatisticsResult.getDefaultInstance());
            client.onError(
                Status.NOT_FOUND
                    .withDescription("no statistics match the request")
                    .asRuntimeException());
            return;
          }
          statistics.forEach(statistic -> client.onNext(result(request, statistic)));
          client.onCompleted();
        });
  }

  private List<PolicyStatistic> ask(Wire.StatisticsRequest request) throws UnreadableMessage {
    Optional<TimeRange> range =
        WireToQuery.range(request.getStartTimeGte(), request.getStartTimeLt(), clock.instant());
    StatisticsQuery query =
        new StatisticsQuery(
            range.orElse(TimeRange.ALWAYS),
            WireToQuery.type(request.getType()),
            WireToQuery.group(request.getGroupBy()),
            request.hasPolicyMatch() ? WireToQuery.policy(request.getPolicyMatch()) : null,
            request.getTimeSeries() ? BucketTime.LENGTH : Duration.ZERO);
    return range.isEmpty() ? List.of() : reader.statistics(query);
  }

  private static Wire.StatisticsResult result(
      Wire.StatisticsRequest request, PolicyStatistic statistic) {
    Wire.PolicyHit.Builder policy =
        Wire.PolicyHit.newBuilder()
            .setKind(Wire.PolicyKind.valueOf(statistic.policy().kind()))
            .setTier(statistic.policy().tier())
            .setNamespace(statistic.policy().namespace())
            .setName(statistic.policy().name());
    Wire.StatisticsResult.Builder result =
        Wire.StatisticsResult.newBuilder()
            .setGroupBy(request.getGroupBy())
            .setType(request.getType());
    PolicyStatistic.Rule rule = statistic.rule();
    if (rule != null) {
      policy.setAction(FlowToWire.action(rule.action())).setRuleIndex(rule.index());
      result.setDirection(direction(rule.direction()));
    }
    result.setPolicy(policy);
    for (PolicyStatistic.Point point : statistic.points()) {
      result
          .addAllowedIn(point.allowedIn())
          .addAllowedOut(point.allowedOut())
          .addDeniedIn(point.deniedIn())
          .addDeniedOut(point.deniedOut())
          .addPassedIn(point.passedIn())
          .addPassedOut(point.passedOut());
      if (request.getTimeSeries()) {
        result.addX(point.at().getEpochSecond());
      }
    }
    return result.build();
  }

  private static Wire.RuleDirection direction(Direction direction) {
    return switch (direction) {
      case INGRESS -> Wire.RuleDirection.Ingress;
      case EGRESS -> Wire.RuleDirection.Egress;
    };
  }
}
