package io.margay.console.telemetry;

import io.margay.console.http.RequestObserver;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Times HTTP requests by route, method and class of status. */
public final class RequestMetrics implements RequestObserver {
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "DELETE");

  private final Map<Key, Latencies> latencies = new ConcurrentHashMap<>();

  private record Key(String route, String method, String status) {}

  @Override
  public Ongoing began(String method, String route, Function<String, Optional<String>> header) {
    long start = System.nanoTime();
    // Clients choose their methods: what we do not serve must not make new time series.
    String known = METHODS.contains(method) ? method : "other";
    return status ->
        latencies
            .computeIfAbsent(new Key(route, known, status / 100 + "xx"), key -> new Latencies())
            .record(Duration.ofNanos(System.nanoTime() - start));
  }

  /** For Prometheus. */
  public MetricSnapshot snapshot() {
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder()
            .name("margay_http_request_seconds")
            .help("Time to answer an HTTP request; streams count until they end.");
    latencies.forEach((key, times) ->
        histogram.dataPoint(
            times
                .histogram()
                .snapshot(
                    Labels.of(
                        "route", key.route(), "method", key.method(), "status", key.status()))));
    return histogram.build();
  }
}
