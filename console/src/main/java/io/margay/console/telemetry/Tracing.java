package io.margay.console.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans to an OpenTelemetry collector over OTLP/HTTP. Off unless {@code
 * OTEL_EXPORTER_OTLP_ENDPOINT} names one; {@code OTEL_EXPORTER_OTLP_HEADERS} ({@code a=b,c=d}) and
 * {@code OTEL_SERVICE_NAME} are heeded, too. A collector that is away costs spans and nothing else.
 */
public final class Tracing implements AutoCloseable {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String SERVICE = "OTEL_SERVICE_NAME";

  private final @Nullable SdkTracerProvider provider;

  private Tracing(@Nullable SdkTracerProvider provider) {
    this.provider = provider;
  }

  /**
   * As the environment says.
   *
   * @param service what this process is called unless the environment says otherwise
   * @throws IllegalArgumentException if the environment is not understood
   */
  public static Tracing of(Map<String, String> environment, String service, String version) {
    return of(environment, service, version, IdGenerator.random());
  }

  /** The same, with ids of the caller's own. */
  public static Tracing of(
      Map<String, String> environment, String service, String version, IdGenerator ids) {
    String endpoint = environment.getOrDefault(ENDPOINT, "").strip();
    if (endpoint.isEmpty()) {
      return new Tracing(null);
    }
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(endpoint.replaceAll("/+$", "") + "/v1/traces");
    for (String header : environment.getOrDefault(HEADERS, "").split(",")) {
      int equals = header.indexOf('=');
      if (equals > 0) {
        exporter.addHeader(
            header.substring(0, equals).strip(), header.substring(equals + 1).strip());
      } else if (!header.isBlank()) {
        throw new IllegalArgumentException(HEADERS + ": \"" + header + "\" is not NAME=VALUE");
      }
    }
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        environment.getOrDefault(SERVICE, service),
                        AttributeKey.stringKey("service.version"),
                        version)));
    return new Tracing(
        SdkTracerProvider.builder()
            .setResource(resource)
            .setIdGenerator(ids)
            .addSpanProcessor(BatchSpanProcessor.builder(exporter.build()).build())
            .build());
  }

  /** Makes spans, which go nowhere if tracing is off. */
  public Tracer tracer() {
    return provider == null ? TracerProvider.noop().get("io.margay") : provider.get("io.margay");
  }

  /** Sends what is waiting, for a few seconds at most. */
  @Override
  public void close() {
    if (provider != null) {
      provider.close();
    }
  }
}
