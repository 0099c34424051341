package io.margay.agents.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/**
 * Calls the servers that the registry names. Only headers on a list go through, in both directions;
 * the caller's credentials never do. Redirects are not followed: they could lead anywhere.
 */
public final class Upstream implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** A model may think for minutes before it begins to answer. */
  private static final Duration FIRST_BYTE = Duration.ofMinutes(10);

  private static final List<String> ASKED =
      List.of(
          "accept",
          "content-type",
          "last-event-id",
          "anthropic-version",
          "anthropic-beta",
          "openai-beta");
  private static final List<String> ASKED_FAMILIES = List.of("mcp-", "a2a-");
  private static final Set<String> ANSWERED =
      Set.of(
          "content-type",
          "cache-control",
          "retry-after",
          "request-id",
          "x-request-id",
          "x-accel-buffering");
  private static final List<String> ANSWERED_FAMILIES =
      List.of("mcp-", "a2a-", "x-ratelimit-", "anthropic-ratelimit-");

  private final HttpClient client;

  public Upstream() {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(Redirect.NEVER)
            .build();
  }

  /** An answer that has begun. */
  public record Answer(int status, Map<String, String> headers, InputStream body)
      implements AutoCloseable {

    public String type() {
      return headers.getOrDefault("content-type", "");
    }

    public boolean isEventStream() {
      return type().toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    public boolean isJson() {
      return type().toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /** A request on its way. */
  public record Ask(
      String method, URI uri, HttpFields headers, Map<String, String> ours, byte[] body) {}

  /**
   * Sends a request, and waits until the answer begins.
   *
   * @throws IOException when the server cannot be reached or breaks off
   */
  public Answer send(Ask ask) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ask.uri())
            .timeout(FIRST_BYTE)
            .method(
                ask.method(),
                ask.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(ask.body()));
    for (HttpField field : ask.headers()) {
      String name = field.getLowerCaseName();
      if (isAmong(name, ASKED, ASKED_FAMILIES) && !ask.ours().containsKey(name)) {
        request.header(name, field.getValue());
      }
    }
    ask.ours().forEach(request::setHeader);
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (isAmong(lower, ANSWERED, ANSWERED_FAMILIES)) {
            headers.put(lower, String.join(", ", values));
          }
        });
    return new Answer(response.statusCode(), headers, response.body());
  }

  private static boolean isAmong(String name, Collection<String> names, List<String> families) {
    return names.contains(name) || families.stream().anyMatch(name::startsWith);
  }

  /** The header that carries a token of ours; none without one. */
  public static Map<String, String> bearer(Optional<String> token) {
    return token.map(text -> Map.of("authorization", "Bearer " + text)).orElse(Map.of());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
