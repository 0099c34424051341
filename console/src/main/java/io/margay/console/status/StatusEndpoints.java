package io.margay.console.status;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.ConsoleStatus;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowService.Statistics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Tells how the node is. */
public final class StatusEndpoints {
  private static final PrometheusTextFormatWriter WRITER =
      PrometheusTextFormatWriter.builder().build();

  private final Supplier<ConsoleStatus> source;
  private final FlowService flows;

  public StatusEndpoints(Supplier<ConsoleStatus> source, FlowService flows) {
    this.source = source;
    this.flows = flows;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/status", this::status), Route.get("/metrics", this::metrics));
  }

  private void status(Exchange exchange) throws IOException {
    needAll(exchange);
    ConsoleStatus status = source.get();
    Statistics statistics = flows.statistics();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeStringField("node", status.node());
      json.writeStringField("version", status.version());
      json.writeStringField("dataplane", status.dataplane());
      json.writeStringField("started_at", status.startedAt().toString());
      write(json, "tables", new TreeMap<>(status.tables()));
      json.writeObjectFieldStart("flows");
      json.writeNumberField("events", statistics.events());
      json.writeNumberField("flows", statistics.flows());
      json.writeNumberField("buckets", statistics.buckets());
      json.writeNumberField("connections", statistics.connections());
      json.writeNumberField("streams", statistics.streams());
      json.writeEndObject();
      write(json, "dropped", dropped(status));
      ConsoleStatus.History history = status.history();
      if (history == null) {
        json.writeNullField("history");
      } else {
        json.writeObjectFieldStart("history");
        json.writeStringField(
            "oldest", history.oldest() == null ? null : history.oldest().toString());
        json.writeNumberField("bytes", history.bytes());
        json.writeEndObject();
      }
      json.writeEndObject();
    });
  }

  /** Figures of the process add up all namespaces. */
  private static void needAll(Exchange exchange) {
    if (!exchange.caller().permissions().seesAll()) {
      throw new HttpFailure(
          403,
          "figures are of all namespaces, and " + exchange.caller().user() + " sees only some");
    }
  }

  private static void write(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  private Map<String, Long> dropped(ConsoleStatus status) {
    Map<String, Long> all = new TreeMap<>(status.dropped());
    flows.drops().snapshot().forEach((reason, count) -> all.put(reason.label(), count));
    return all;
  }

  /** Everything countable as Prometheus text. */
  private void metrics(Exchange exchange) throws IOException {
    needAll(exchange);
    ConsoleStatus status = source.get();
    Statistics statistics = flows.statistics();
    MetricSnapshots snapshots =
        new MetricSnapshots(
            counter("margay_flow_events", "Flow events taken in.", statistics.events()),
            gauge("margay_flows", "Flows in all buckets.", statistics.flows()),
            gauge("margay_flow_connections", "Followed connections.", statistics.connections()),
            gauge("margay_flow_streams", "Open flow streams.", statistics.streams()),
            drops(dropped(status)),
            tables(status.tables()));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    WRITER.write(text, snapshots);
    exchange.send(200, WRITER.getContentType(), text.toByteArray());
  }

  private static CounterSnapshot counter(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static CounterSnapshot drops(Map<String, Long> dropped) {
    CounterSnapshot.Builder drops =
        CounterSnapshot.builder().name("margay_dropped").help("What was not recorded, by reason.");
    dropped.forEach((reason, count) ->
        drops.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(Labels.of("reason", reason))
                .value(count)
                .build()));
    return drops.build();
  }

  private static GaugeSnapshot tables(Map<String, Long> sizes) {
    GaugeSnapshot.Builder tables =
        GaugeSnapshot.builder().name("margay_table_size").help("Entries in the decision tables.");
    sizes.forEach((table, size) ->
        tables.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(Labels.of("table", table))
                .value(size)
                .build()));
    return tables.build();
  }
}
