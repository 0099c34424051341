package io.margay.flows.export;

import com.google.protobuf.InvalidProtocolBufferException;
import io.margay.flows.export.proto.Otlp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log records over OTLP/HTTP, as protobuf. */
public final class OtlpLogs implements ExportTarget {
  private static final Logger log = LoggerFactory.getLogger(OtlpLogs.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI endpoint;
  private final Map<String, String> headers;
  private final InstantSource clock;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * @param endpoint with its path, which is usually {@code /v1/logs}
   * @param headers such as an authorization, by name
   */
  public OtlpLogs(URI endpoint, Map<String, String> headers, InstantSource clock) {
    this.endpoint = endpoint;
    this.headers = Map.copyOf(headers);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "otlp:" + endpoint.getHost();
  }

  @Override
  public int send(List<ExportedFlow> flows) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    OtlpRecords.request(flows, clock.instant()).toByteArray()));
    headers.forEach(request::header);
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return switch (response.statusCode() / 100) {
      case 2 -> rejected(response.body());
      case 4 -> {
        if (response.statusCode() == 429) {
          throw new IOException("it answers 429");
        }
        // OTLP: all other answers of this kind are for good.
        log.warn("{} flows were refused by {}: {}", flows.size(), endpoint, response.statusCode());
        yield flows.size();
      }
      default -> throw new IOException("it answers " + response.statusCode());
    };
  }

  private static int rejected(byte[] body) throws IOException {
    try {
      return Math.toIntExact(
          Otlp.ExportLogsServiceResponse.parseFrom(body)
              .getPartialSuccess()
              .getRejectedLogRecords());
    } catch (InvalidProtocolBufferException | ArithmeticException e) {
      throw new IOException("its answer is not OTLP", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
