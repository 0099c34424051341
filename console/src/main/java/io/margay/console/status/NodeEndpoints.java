package io.margay.console.status;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.status.NodeReport.Programming;
import io.margay.console.telemetry.LatencyHistogram;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes and how they are. */
public final class NodeEndpoints {
  private static final Duration SILENT_AFTER = Duration.ofMinutes(1);

  private final Supplier<ClusterView> cluster;
  private final Supplier<List<NodeReport>> reports;
  private final InstantSource clock;

  public NodeEndpoints(
      Supplier<ClusterView> cluster, Supplier<List<NodeReport>> reports, InstantSource clock) {
    this.cluster = cluster;
    this.reports = reports;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/nodes", this::nodes));
  }

  private void nodes(Exchange exchange) throws IOException {
    if (!exchange.caller().permissions().seesAll()) {
      throw new HttpFailure(
          403, "nodes serve all namespaces, and " + exchange.caller().user() + " sees only some");
    }
    ClusterView view = cluster.get();
    Map<String, Long> endpoints =
        view.endpoints().stream()
            .collect(Collectors.groupingBy(ClusterEndpoint::node, Collectors.counting()));
    TreeMap<String, @Nullable NodeReport> nodes = new TreeMap<>();
    view.ofKind(Kind.NODE).forEach(node -> nodes.put(node.metadata().name(), null));
    reports.get().forEach(report -> nodes.put(report.name(), report));
    Instant now = clock.instant();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("items");
      for (Map.Entry<String, @Nullable NodeReport> node : nodes.entrySet()) {
        long count = endpoints.getOrDefault(node.getKey(), 0L);
        write(node.getKey(), node.getValue(), count, now, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void write(
      String name, @Nullable NodeReport report, long endpoints, Instant now, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("state", state(report, now));
    json.writeStringField("version", report == null ? null : report.version());
    json.writeStringField("dataplane", report == null ? null : report.dataplane());
    json.writeStringField("last_seen", report == null ? null : report.lastSeen().toString());
    write(report == null ? null : report.programming(), json);
    write("tables", report == null ? Map.of() : report.tables(), json);
    write("dropped", report == null ? Map.of() : report.dropped(), json);
    json.writeNumberField("endpoints", endpoints);
    json.writeEndObject();
  }

  private static String state(@Nullable NodeReport report, Instant now) {
    if (report == null) {
      return "unknown";
    }
    if (report.lastSeen().plus(SILENT_AFTER).isBefore(now)) {
      return "silent";
    }
    boolean drops = report.dropped().values().stream().anyMatch(count -> count > 0);
    Programming programming = report.programming();
    return drops || (programming != null && programming.failures() > 0) ? "degraded" : "ok";
  }

  private static void write(@Nullable Programming programming, JsonGenerator json)
      throws IOException {
    if (programming == null) {
      json.writeNullField("programming");
      return;
    }
    json.writeObjectFieldStart("programming");
    json.writeNumberField("changes", programming.changes());
    json.writeNumberField("failures", programming.failures());
    json.writeNumberField("p50_millis", programming.p50Millis());
    json.writeNumberField("p99_millis", programming.p99Millis());
    json.writeNumberField("last_millis", programming.lastMillis());
    json.writeArrayFieldStart("times");
    for (LatencyHistogram.Bucket bucket : programming.times().buckets()) {
      json.writeStartObject();
      if (Double.isInfinite(bucket.upToSeconds())) {
        json.writeNullField("up_to_millis");
      } else {
        json.writeNumberField("up_to_millis", bucket.upToSeconds() * 1_000);
      }
      json.writeNumberField("changes", bucket.count());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(String field, Map<String, Long> counts, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> count : new TreeMap<>(counts).entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
