package io.margay.console.telemetry;

import io.margay.console.http.RequestObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A span for each HTTP request, below that of the caller if it sends a {@code traceparent}. */
public final class RequestTraces implements RequestObserver {
  private static final TextMapGetter<Function<String, Optional<String>>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Function<String, Optional<String>> headers) {
          return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(
            @Nullable Function<String, Optional<String>> headers, String name) {
          return headers == null ? null : headers.apply(name).orElse(null);
        }
      };

  private final Tracer tracer;

  public RequestTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // The request closes it, on the same thread.
  public Ongoing began(String method, String route, Function<String, Optional<String>> header) {
    Context parent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), header, HEADERS);
    Span span =
        tracer
            .spanBuilder(method + " " + route)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", method)
            .setAttribute("http.route", route)
            .startSpan();
    Scope scope = span.makeCurrent();
    return status -> {
      scope.close();
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    };
  }
}
