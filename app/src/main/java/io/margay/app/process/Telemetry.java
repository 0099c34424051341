package io.margay.app.process;

import io.margay.agents.gateway.trace.HopIds;
import io.margay.app.Version;
import io.margay.console.telemetry.Tracing;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The traces of this process: one exporter, whatever the number of nodes and consoles that run in
 * it. Off unless the environment names a collector.
 */
public final class Telemetry {
  private static final Tracing TRACING =
      Tracing.of(System.getenv(), "margay", Version.current(), new HopIds());

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TRACING::close, "traces"));
  }

  private Telemetry() {}

  public static Tracer tracer() {
    return TRACING.tracer();
  }

  /** A span for each batch of flow updates, from its coming in to its being durable. */
  static FlowIngest traced(FlowIngest ingest) {
    return new FlowIngest() {
      @Override
      public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
        Span span =
            tracer()
                .spanBuilder("flows ingest")
                .setAttribute("updates", updates.size())
                .startSpan();
        return ingest.accept(updates).whenComplete((done, failure) -> span.end());
      }

      @Override
      public Map<String, Long> lastSequences() {
        return ingest.lastSequences();
      }
    };
  }
}
