package io.margay.console.status;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.ConsoleStatus;
import io.margay.console.ConsoleStatus.History;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowService.Statistics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells how the process is. */
public final class StatusEndpoints {
  private static final PrometheusTextFormatWriter WRITER =
      PrometheusTextFormatWriter.builder().build();

  private final Supplier<ConsoleStatus> source;
  private final FlowService flows;
  private final Metrics metrics;

  public StatusEndpoints(Supplier<ConsoleStatus> source, FlowService flows, Metrics metrics) {
    this.source = source;
    this.flows = flows;
    this.metrics = metrics;
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
      write(json, "dropped", Metrics.dropped(status, flows));
      writeHistory(status.history(), json);
      json.writeEndObject();
    });
  }

  private static void writeHistory(@Nullable History history, JsonGenerator json)
      throws IOException {
    if (history == null) {
      json.writeNullField("history");
      return;
    }
    json.writeObjectFieldStart("history");
    json.writeStringField("oldest", history.oldest() == null ? null : history.oldest().toString());
    json.writeNumberField("bytes", history.bytes());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  /** Figures of the process add up all namespaces. */
  private static void needAll(Exchange exchange) {
    if (!exchange.caller().permissions().seesAll()) {
      throw new HttpFailure(
          403,
          "figures are of all namespaces, and " + exchange.caller().user() + " sees only some");
    }
  }

  /** Everything countable as Prometheus text. */
  private void metrics(Exchange exchange) throws IOException {
    needAll(exchange);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    WRITER.write(text, metrics.snapshots());
    exchange.send(200, WRITER.getContentType(), text.toByteArray());
  }
}
