package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.assertion.AssertionFigures;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.StorePolicies;
import io.margay.console.status.MetricOptions;
import io.margay.console.status.NodeReport;
import io.margay.console.telemetry.ObservedFlowReader;
import io.margay.console.telemetry.ProgrammingTimes;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.LiveStreams;
import io.opentelemetry.api.trace.TracerProvider;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is exported, and that the dashboards ask for nothing else. */
class MetricsTest extends ShopTestCase {
  private static final Pattern NAME = Pattern.compile("\\b(?:felix|goldmane|margay)_[a-z0-9_]+\\b");
  private final ProgrammingTimes times =
      new ProgrammingTimes("node-1", TracerProvider.noop().get("test"));

  @Override
  ConsoleSources sources() {
    return new ConsoleSources(
        flows,
        new ObservedFlowReader(
            new MemoryFlowReader(flows::history), TracerProvider.noop().get("test")),
        LiveStreams.of(flows, now::get),
        ClosedStreams.of(flows, new MemoryFlowReader(flows::history)),
        store,
        new StorePolicies(store),
        () -> ClusterView.of(store),
        why(),
        this::status,
        () -> List.of(node()),
        () -> new AssertionFigures(Map.of("dev-and-prod", "True"), 1, 0.5, 0),
        new MetricOptions(1, () -> List.of(other())));
  }

  private static GaugeSnapshot other() {
    return GaugeSnapshot.builder()
        .name("ipam_blocks")
        .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(4).build())
        .build();
  }

  private NodeReport node() {
    return new NodeReport(
        "node-1",
        "1",
        "simulated",
        now.get(),
        times.report(),
        Map.of(
            "endpoints",
            2L,
            "policies",
            3L,
            "routes",
            5L,
            "migrations_succeeded",
            4L,
            "migrations_failed",
            1L,
            "migrations_last_gap_millis",
            12L),
        Map.of("events_lost", 0L));
  }

  private Set<String> exported() throws Exception {
    Set<String> names = new TreeSet<>();
    for (String line : get("/metrics").body().split("\n")) {
      if (!line.startsWith("#")) {
        names.add(line.split("[{ ]", 2)[0]);
      }
    }
    return names;
  }

  @Test
  void dashboardsAskOnlyForWhatIsExported() throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 80));
    times.begin();
    times.end();
    json("/api/v1/flows");
    Set<String> exported = exported();
    Path folder = Path.of(System.getProperty("margay.root"), "deploy", "grafana");
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> dashboards = files.filter(file -> file.toString().endsWith(".json")).toList();
      assertThat(dashboards).hasSize(3);
      for (Path dashboard : dashboards) {
        Set<String> asked = new TreeSet<>();
        for (JsonNode expression : parse(Files.readString(dashboard)).findValues("expr")) {
          Matcher names = NAME.matcher(expression.asText());
          while (names.find()) {
            asked.add(names.group());
          }
        }
        assertThat(asked).as("%s asks for something", dashboard).isNotEmpty();
        assertThat(exported).as("%s", dashboard).containsAll(asked);
      }
    }
  }

  @Test
  void namesOfOthersMeanWhatTheyMeanThere() throws Exception {
    see(Seen.allowed(T0), Seen.denied(T0, 80));
    times.begin();
    times.begin(); // the first one was refused
    times.end();
    String text = get("/metrics").body();
    assertThat(text)
        .contains("goldmane_aggr_received_flows_total 2.0")
        .contains("goldmane_aggr_num_unique_flows 2.0")
        .contains("felix_cluster_num_workload_endpoints 3.0")
        .contains("felix_cluster_num_tiers ")
        .contains("felix_active_local_endpoints{node=\"node-1\"} 2.0")
        .contains("felix_route_table_num_routes{node=\"node-1\"} 5.0")
        .contains("margay_vm_migrations_total{node=\"node-1\",outcome=\"succeeded\"} 4.0")
        .contains("margay_vm_migrations_total{node=\"node-1\",outcome=\"failed\"} 1.0")
        .contains("margay_vm_migration_gap_seconds{node=\"node-1\"} 0.012")
        .contains("felix_int_dataplane_failures_total{node=\"node-1\"} 1.0")
        .contains("felix_int_dataplane_apply_time_seconds_count{node=\"node-1\"} 1")
        .contains(
            "margay_policy_connections_last_minute{action=\"allow\",kind=\"CalicoNetworkPolicy\","
                + "name=\"cart\",namespace=\"shop\",tier=\"application\"} 1.0");
  }

  @Test
  void requestsAreCountedByRouteAndStrangersMakeNoNewSeries() throws Exception {
    get("/api/v1/policies/CalicoNetworkPolicy/shop/cart");
    get("/api/v1/policies/CalicoNetworkPolicy/shop/other");
    send("BREW", "/coffee", "");
    String text = get("/metrics").body();
    String route = "route=\"/api/v1/policies/{kind}/{namespace}/{name}\"";
    assertThat(text)
        .containsPattern("margay_http_request_seconds_count\\{[^}]*" + Pattern.quote(route))
        .doesNotContain("shop/other")
        .doesNotContain("BREW")
        .doesNotContain("coffee");
    JsonNode nodes = json("/api/v1/nodes");
    assertThat(nodes.at("/items/0/state").asText()).isEqualTo("ok");
    assertThat(nodes.at("/items/0/endpoints").asInt()).isEqualTo(3);
  }

  @Test
  void whenPoliciesThatExistWereLastEvaluated() throws Exception {
    see(Seen.allowed(T0)); // Its pending trace names a policy that nobody made.
    String name = "margay_policy_last_evaluated_timestamp_seconds";
    for (int scrape = 0; scrape < 2; scrape++) {
      assertThat(get("/metrics").body().lines().filter(line -> line.startsWith(name)))
          .singleElement()
          .asString()
          .contains("kind=\"CalicoNetworkPolicy\",name=\"cart\"")
          .endsWith(" " + (double) T0.plusSeconds(15).getEpochSecond());
    }
  }

  @Test
  void rulesHaveSeriesUpToALimitAndOthersAreCounted() throws Exception {
    see(Seen.allowed(T0)); // One rule allows and another one logs.
    String text = get("/metrics").body();
    String name = "margay_policy_rule_last_evaluated_timestamp_seconds";
    assertThat(text.lines().filter(line -> line.startsWith(name)))
        .singleElement()
        .asString()
        .contains("direction=\"ingress\"", "name=\"cart\"", "rule=\"0\"");
    assertThat(text)
        .contains("margay_policy_rule_series_dropped 1.0")
        .as("of other parts of the process")
        .contains("ipam_blocks 4.0");
  }

  @Test
  void nodesTellHowLongTheirChangesTook() throws Exception {
    times.begin();
    times.end();
    JsonNode told = json("/api/v1/nodes").at("/items/0/programming/times");
    long changes = 0;
    for (JsonNode bucket : told) {
      changes += bucket.path("changes").asLong();
    }
    assertThat(changes).isEqualTo(1);
    assertThat(told.path(0).path("up_to_millis").asDouble()).isEqualTo(0.1);
    assertThat(told.path(told.size() - 1).path("up_to_millis").isNull()).isTrue();
  }
}
