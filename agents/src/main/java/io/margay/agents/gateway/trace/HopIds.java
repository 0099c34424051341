package io.margay.agents.gateway.trace;

import io.margay.agents.call.TraceContext;
import io.margay.agents.gateway.http.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;

/**
 * Gives the span of a call the id that the call's upstream was told as its parent, so that the
 * upstream's spans stand below it. All other spans get random ids.
 */
public final class HopIds implements IdGenerator {
  private static final ScopedValue<TraceContext> CALL = ScopedValue.newInstance();

  private final IdGenerator others = IdGenerator.random();

  /** Starts the span of a call. */
  static Span start(SpanBuilder span, TraceContext trace) {
    return ScopedValue.where(CALL, trace).call(span::startSpan);
  }

  @Override
  public String generateSpanId() {
    return CALL.isBound() ? Traces.spanId(CALL.get()) : others.generateSpanId();
  }

  @Override
  public String generateTraceId() {
    return CALL.isBound() ? CALL.get().traceId() : others.generateTraceId();
  }
}
