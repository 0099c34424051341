package io.margay.console.status;

import io.margay.console.ConsoleStatus;
import io.margay.console.assertion.AssertionFigures;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicyNames;
import io.margay.console.telemetry.LatencyHistogram;
import io.margay.console.telemetry.ObservedFlowReader;
import io.margay.console.telemetry.RequestMetrics;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowService.Statistics;
import io.margay.model.resource.Kind;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything countable, read anew for each scrape. Names are Felix's and Goldmane's where the
 * meaning is theirs. Since one process tells of several nodes here, Felix's have a label for that.
 */
public final class Metrics {
  /** Four buckets, so that a scrape each minute or more often misses nothing. */
  private static final int ACTIVITY_SECONDS = 60;

  private final Supplier<ConsoleStatus> status;
  private final FlowService flows;
  private final Supplier<ClusterView> cluster;
  private final Supplier<List<NodeReport>> nodes;
  private final Supplier<AssertionFigures> assertions;
  private final FlowReader reader;
  private final InstantSource clock;
  private final RequestMetrics requests;
  private final EvaluationMetrics evaluations;
  private final MetricOptions options;

  public Metrics(
      Supplier<ConsoleStatus> status,
      FlowService flows,
      Supplier<ClusterView> cluster,
      Supplier<List<NodeReport>> nodes,
      Supplier<AssertionFigures> assertions,
      FlowReader reader,
      RequestMetrics requests,
      MetricOptions options,
      InstantSource clock) {
    this.status = status;
    this.flows = flows;
    this.cluster = cluster;
    this.nodes = nodes;
    this.assertions = assertions;
    this.reader = reader;
    this.requests = requests;
    this.clock = clock;
    this.options = options;
    this.evaluations = new EvaluationMetrics(reader, options.ruleSeries());
  }

  /** What was not recorded, by reason. */
  static Map<String, Long> dropped(ConsoleStatus status, FlowService flows) {
    Map<String, Long> all = new TreeMap<>(status.dropped());
    flows.drops().snapshot().forEach((reason, count) -> all.put(reason.label(), count));
    return all;
  }

  MetricSnapshots snapshots() {
    ConsoleStatus now = status.get();
    List<MetricSnapshot> all = new ArrayList<>();
    ofFlows(now, all);
    ofCluster(all);
    ofNodes(all);
    ofAssertions(all);
    ofMigrations(all);
    all.add(policies());
    all.addAll(evaluations.snapshots(cluster.get(), clock.instant()));
    all.add(requests.snapshot());
    if (reader instanceof ObservedFlowReader observed) {
      all.add(observed.snapshot());
    }
    all.addAll(options.others().get());
    return new MetricSnapshots(all);
  }

  private void ofFlows(ConsoleStatus now, List<MetricSnapshot> all) {
    Statistics statistics = flows.statistics();
    Map<String, Long> dropped = dropped(now, flows);
    long lost = flows.drops().snapshot().values().stream().mapToLong(Long::longValue).sum();
    all.add(counter("margay_flow_events", "Flow events taken in.", statistics.events()));
    all.add(counter("goldmane_aggr_received_flows", "Flow updates taken in.", statistics.events()));
    all.add(counter("goldmane_aggr_dropped_flows", "Flow updates not taken in.", lost));
    all.add(gauge("goldmane_aggr_num_unique_flows", "Flows in memory.", statistics.flows()));
    all.add(gauge("goldmane_num_streams", "Open flow streams.", statistics.streams()));
    all.add(gauge("margay_flows", "Flows in all buckets.", statistics.flows()));
    all.add(gauge("margay_flow_connections", "Followed connections.", statistics.connections()));
    all.add(gauge("margay_flow_streams", "Open flow streams.", statistics.streams()));
    ConsoleStatus.History history = now.history();
    if (history != null) {
      all.add(gauge("margay_history_bytes", "Flow history on disk.", history.bytes()));
    }
    CounterSnapshot.Builder drops =
        CounterSnapshot.builder().name("margay_dropped").help("What was not recorded, by reason.");
    dropped.forEach((reason, count) -> drops.dataPoint(point(count, "reason", reason)));
    all.add(drops.build());
    GaugeSnapshot.Builder tables =
        GaugeSnapshot.builder().name("margay_table_size").help("Entries in the decision tables.");
    now.tables().forEach((table, size) -> tables.dataPoint(level(size, "table", table)));
    all.add(tables.build());
  }

  private void ofCluster(List<MetricSnapshot> all) {
    ClusterView view = cluster.get();
    List<ClusterEndpoint> endpoints = view.endpoints();
    long pods = endpoints.stream().filter(ClusterEndpoint::isPod).count();
    long policies =
        Stream.of(Kind.values())
            .filter(PolicyNames::isPolicy)
            .mapToLong(kind -> view.ofKind(kind).count())
            .sum();
    all.add(gauge("felix_cluster_num_hosts", "Nodes.", view.ofKind(Kind.NODE).count()));
    all.add(gauge("felix_cluster_num_tiers", "Tiers.", view.ofKind(Kind.TIER).count()));
    all.add(gauge("felix_cluster_num_policies", "Policies of all kinds.", policies));
    all.add(gauge("felix_cluster_num_profiles", "Profiles.", view.ofKind(Kind.PROFILE).count()));
    all.add(gauge("felix_cluster_num_workload_endpoints", "Pods with a network.", pods));
    all.add(gauge("felix_cluster_num_host_endpoints", "Host endpoints.", endpoints.size() - pods));
  }

  private void ofNodes(List<MetricSnapshot> all) {
    GaugeSnapshot.Builder endpoints =
        GaugeSnapshot.builder()
            .name("felix_active_local_endpoints")
            .help("Endpoints that a node judges.");
    GaugeSnapshot.Builder policies =
        GaugeSnapshot.builder()
            .name("felix_active_local_policies")
            .help("Policies that a node knows.");
    CounterSnapshot.Builder failures =
        CounterSnapshot.builder()
            .name("felix_int_dataplane_failures")
            .help("Changes that the dataplane refused, and that are tried again.");
    HistogramSnapshot.Builder times =
        HistogramSnapshot.builder()
            .name("felix_int_dataplane_apply_time_seconds")
            .help("Time to bring a change into the dataplane.");
    CounterSnapshot.Builder dropped =
        CounterSnapshot.builder()
            .name("margay_node_dropped")
            .help("What a node did not report, by reason.");
    GaugeSnapshot.Builder seen =
        GaugeSnapshot.builder()
            .name("margay_node_last_seen_seconds")
            .help("When a node was last heard of, in seconds since the epoch.");
    GaugeSnapshot.Builder routes =
        GaugeSnapshot.builder()
            .name("felix_route_table_num_routes")
            .help("Routes that a node programs.");
    for (NodeReport node : nodes.get()) {
      String name = node.name();
      Map<String, Long> tables = node.tables();
      endpoints.dataPoint(level(tables.getOrDefault("endpoints", 0L), "node", name));
      policies.dataPoint(level(tables.getOrDefault("policies", 0L), "node", name));
      seen.dataPoint(level(node.lastSeen().getEpochSecond(), "node", name));
      if (tables.containsKey("routes")) {
        routes.dataPoint(level(tables.get("routes"), "node", name));
      }
      if (node.programming() != null) {
        failures.dataPoint(point(node.programming().failures(), "node", name));
        LatencyHistogram told = node.programming().times();
        if (!told.buckets().isEmpty()) {
          times.dataPoint(told.snapshot(Labels.of("node", name)));
        }
      }
      node.dropped()
          .forEach(
              (reason, count) -> dropped.dataPoint(point(count, "node", name, "reason", reason)));
    }
    all.add(endpoints.build());
    all.add(policies.build());
    all.add(failures.build());
    all.add(times.build());
    all.add(dropped.build());
    all.add(seen.build());
    all.add(routes.build());
  }

  private void ofAssertions(List<MetricSnapshot> all) {
    AssertionFigures now = assertions.get();
    GaugeSnapshot.Builder holds =
        GaugeSnapshot.builder()
            .name("margay_policy_assertion")
            .help("Whether a PolicyAssertion holds: 1 for the status that it has.");
    now.holds().forEach((name, word) -> holds.dataPoint(level(1, "name", name, "holds", word)));
    all.add(holds.build());
    all.add(counter("margay_policy_assertion_checks", "Checks of all assertions.", now.checks()));
    all.add(
        counter(
            "margay_policy_assertion_check_failures",
            "Checks that broke off, and statuses that could not be written.",
            now.failures()));
    all.add(
        CounterSnapshot.builder()
            .name("margay_policy_assertion_check_seconds")
            .help("Time that checks of assertions took.")
            .dataPoint(CounterDataPointSnapshot.builder().value(now.seconds()).build())
            .build());
  }

  private void ofMigrations(List<MetricSnapshot> all) {
    CounterSnapshot.Builder ended =
        CounterSnapshot.builder()
            .name("margay_vm_migrations")
            .help("Migrations of virtual machines whose end a node has recorded.");
    GaugeSnapshot.Builder gap =
        GaugeSnapshot.builder()
            .name("margay_vm_migration_gap_seconds")
            .help("How long the machine was silent that left a node last.");
    for (NodeReport node : nodes.get()) {
      for (String outcome : List.of("succeeded", "failed")) {
        Long count = node.tables().get("migrations_" + outcome);
        if (count != null) {
          ended.dataPoint(point(count, "node", node.name(), "outcome", outcome));
        }
      }
      Long millis = node.tables().get("migrations_last_gap_millis");
      if (millis != null) {
        gap.dataPoint(
            GaugeDataPointSnapshot.builder()
                .value(millis / 1e3)
                .labels(Labels.of("node", node.name()))
                .build());
      }
    }
    all.add(ended.build());
    all.add(gap.build());
  }

  private MetricSnapshot policies() {
    GaugeSnapshot.Builder used =
        GaugeSnapshot.builder()
            .name("margay_policy_connections_last_minute")
            .help("Connections of the last minute that a policy allowed, denied or passed on.");
    Instant now = clock.instant();
    TimeRange lastMinute = new TimeRange(now.minusSeconds(ACTIVITY_SECONDS), now.plusSeconds(1));
    for (PolicyActivity activity : reader.policyActivity(lastMinute)) {
      used.dataPoint(used(activity, "allow", activity.allowed()));
      used.dataPoint(used(activity, "deny", activity.denied()));
      used.dataPoint(used(activity, "pass", activity.passed()));
    }
    return used.build();
  }

  private static GaugeDataPointSnapshot used(PolicyActivity activity, String action, long count) {
    return level(
        count,
        "kind",
        activity.policy().kind(),
        "tier",
        activity.policy().tier(),
        "namespace",
        activity.policy().namespace(),
        "name",
        activity.policy().name(),
        "action",
        action);
  }

  private static CounterSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder().name(name).help(help).dataPoint(point(value)).build();
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder().name(name).help(help).dataPoint(level(value)).build();
  }

  private static CounterDataPointSnapshot point(long value, String... labels) {
    return CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }

  private static GaugeDataPointSnapshot level(long value, String... labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }
}
