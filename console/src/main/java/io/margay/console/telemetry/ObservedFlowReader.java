package io.margay.console.telemetry;

import io.margay.flows.Flow;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Times and traces the questions to a reader. */
public final class ObservedFlowReader implements FlowReader {
  private final FlowReader reader;
  private final Tracer tracer;
  private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();

  public ObservedFlowReader(FlowReader reader, Tracer tracer) {
    this.reader = reader;
    this.tracer = tracer;
  }

  private <T> T observe(String question, Supplier<T> ask) {
    Span span = tracer.spanBuilder("flows " + question).startSpan();
    long start = System.nanoTime();
    try (Scope scope = span.makeCurrent()) {
      return ask.get();
    } catch (RuntimeException e) {
      span.recordException(e).setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      latencies
          .computeIfAbsent(question, q -> new Latencies())
          .record(Duration.ofNanos(System.nanoTime() - start));
      span.end();
    }
  }

  /** For Prometheus. */
  public MetricSnapshot snapshot() {
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder()
            .name("margay_flow_query_seconds")
            .help("Time to answer a question about flows.");
    latencies.forEach((question, times) ->
        histogram.dataPoint(times.histogram().snapshot(Labels.of("question", question))));
    return histogram.build();
  }

  @Override
  public Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    return observe("list", () -> reader.list(range, filter, order, page));
  }

  @Override
  public CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size) {
    return observe("records", () -> reader.records(range, filter, cursor, size));
  }

  @Override
  public Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page) {
    return observe("hints", () -> reader.hints(type, range, filter, page));
  }

  @Override
  public List<PolicyStatistic> statistics(StatisticsQuery query) {
    return observe("statistics", () -> reader.statistics(query));
  }

  @Override
  public List<DensityStep> density(TimeRange range, FlowFilter filter, int steps) {
    return observe("density", () -> reader.density(range, filter, steps));
  }

  @Override
  public FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level) {
    return observe("graph", () -> reader.graph(range, filter, level));
  }

  @Override
  public List<PolicyActivity> policyActivity(TimeRange range) {
    return observe("policy activity", () -> reader.policyActivity(range));
  }
}
