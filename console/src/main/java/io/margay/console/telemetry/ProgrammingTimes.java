package io.margay.console.telemetry;

import io.margay.console.status.NodeReport.Programming;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Times and traces how a node programs changes. One thread at a time tells it of changes; any
 * thread may ask.
 */
public final class ProgrammingTimes {
  private final String node;
  private final Tracer tracer;
  private final Latencies times = new Latencies();
  private final AtomicLong failures = new AtomicLong();
  private @Nullable Span span;
  private long start;

  public ProgrammingTimes(String node, Tracer tracer) {
    this.node = node;
    this.tracer = tracer;
  }

  /** The dataplane is about to take over a change. */
  public synchronized void begin() {
    // What was begun before and has not ended was refused, and is tried again with this.
    fail();
    start = System.nanoTime();
    span = tracer.spanBuilder("program policy").setAttribute("node", node).startSpan();
  }

  /** It has taken it over. */
  public synchronized void end() {
    Span ending = span;
    if (ending != null) {
      times.record(Duration.ofNanos(System.nanoTime() - start));
      ending.end();
      span = null;
    }
  }

  private void fail() {
    Span failed = span;
    if (failed != null) {
      failures.incrementAndGet();
      failed.setStatus(StatusCode.ERROR).end();
      span = null;
    }
  }

  public Programming report() {
    return new Programming(
        times.count(),
        failures.get(),
        times.quantileMillis(0.5),
        times.quantileMillis(0.99),
        times.lastMillis(),
        times.histogram());
  }
}
