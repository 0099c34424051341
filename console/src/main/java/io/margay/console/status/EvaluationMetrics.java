package io.margay.console.status;

import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicyNames;
import io.margay.console.status.LastEvaluated.PolicyRule;
import io.margay.console.status.LastEvaluated.Times;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyName;
import io.margay.model.resource.ResourceKey;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * When policies were last evaluated and, if that is wanted, their rules. Only of policies that
 * exist: what is gone would stay for as long as there is a history.
 */
final class EvaluationMetrics {
  private final LastEvaluated lastEvaluated;
  private final int ruleSeries;

  /**
   * Metrics.
   *
   * @param ruleSeries how many rules have a series at most; 0 for none
   */
  EvaluationMetrics(FlowReader reader, int ruleSeries) {
    this.lastEvaluated = new LastEvaluated(reader);
    this.ruleSeries = ruleSeries;
  }

  List<MetricSnapshot> snapshots(ClusterView view, Instant now) {
    Times times = lastEvaluated.at(now);
    List<MetricSnapshot> all = new ArrayList<>();
    all.add(policies(times, view));
    if (ruleSeries > 0) {
      rules(times, view, all);
    }
    return all;
  }

  private static MetricSnapshot policies(Times times, ClusterView view) {
    GaugeSnapshot.Builder policies =
        GaugeSnapshot.builder()
            .name("margay_policy_last_evaluated_timestamp_seconds")
            .help("When a policy last decided, passed or logged a flow.");
    times
        .policies()
        .forEach((policy, at) -> {
          if (exists(policy, view)) {
            policies.dataPoint(point(labels(policy), at));
          }
        });
    return policies.build();
  }

  /** The first by name: traffic must not make series come and go. */
  private void rules(Times times, ClusterView view, List<MetricSnapshot> all) {
    GaugeSnapshot.Builder rules =
        GaugeSnapshot.builder()
            .name("margay_policy_rule_last_evaluated_timestamp_seconds")
            .help("When a rule last decided, passed or logged a flow.");
    int told = 0;
    int dropped = 0;
    for (Map.Entry<PolicyRule, Instant> entry : times.rules().entrySet()) {
      PolicyRule rule = entry.getKey();
      if (!exists(rule.policy(), view)) {
        continue;
      }
      if (told == ruleSeries) {
        dropped++;
        continue;
      }
      told++;
      Labels labels =
          labels(rule.policy())
              .add("direction", rule.direction().name().toLowerCase(Locale.ROOT))
              .add("rule", Integer.toString(rule.index()));
      rules.dataPoint(point(labels, entry.getValue()));
    }
    all.add(rules.build());
    all.add(
        GaugeSnapshot.builder()
            .name("margay_policy_rule_series_dropped")
            .help("Evaluated rules that have no series, because there are too many.")
            .dataPoint(GaugeDataPointSnapshot.builder().value(dropped).build())
            .build());
  }

  private static boolean exists(PolicyName policy, ClusterView view) {
    return PolicyNames.kind(policy.kind())
        .map(kind -> new ResourceKey(kind, policy.namespace(), policy.name()))
        .filter(view.resources()::containsKey)
        .isPresent();
  }

  private static Labels labels(PolicyName policy) {
    return Labels.of(
        "kind", policy.kind(),
        "tier", policy.tier(),
        "namespace", policy.namespace(),
        "name", policy.name());
  }

  private static GaugeDataPointSnapshot point(Labels labels, Instant at) {
    return GaugeDataPointSnapshot.builder().value(at.getEpochSecond()).labels(labels).build();
  }
}
