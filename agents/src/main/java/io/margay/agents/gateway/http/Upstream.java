package io.margay.agents.gateway.http;

import io.margay.model.resource.CaBundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Calls the servers that the registry names. Only headers on a list go through, in both directions;
 * the caller's credentials never do. Redirects are not followed: they could lead anywhere.
 */
public final class Upstream implements AutoCloseable {
  private static final Set<String> ASKED =
      Set.of(
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

  /** A client that trusts the public authorities. */
  public Upstream() {
    this(UpstreamAuthorities.PUBLIC);
  }

  public Upstream(UpstreamAuthorities authorities) {
    client = UpstreamClient.start(authorities);
  }

  /**
   * An answer that has begun.
   *
   * @param length of the body, where the server said so
   */
  public record Answer(
      int status, Map<String, String> headers, OptionalLong length, InputStream body)
      implements AutoCloseable {

    /** For a body that passes as it is: when its length is known, its end costs no bytes. */
    public Map<String, String> headersWithLength() {
      if (length.isEmpty()) {
        return headers;
      }
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.put("content-length", Long.toString(length.getAsLong()));
      return all;
    }

    public String type() {
      return headers.getOrDefault("content-type", "");
    }

    public boolean isEventStream() {
      return type().toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    public boolean isJson() {
      return type().toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    /** Ends an answer that is still coming; nothing happens to one that is there. */
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /**
   * A request on its way.
   *
   * @param authorities who alone vouch for the server; empty for those of the client
   */
  public record Ask(
      String method,
      URI uri,
      Optional<CaBundle> authorities,
      HttpFields headers,
      Map<String, String> ours,
      byte[] body) {}

  /**
   * Sends a request, and waits until the answer begins.
   *
   * @throws IOException when the server cannot be reached or breaks off
   */
  public Answer send(Ask ask) throws IOException, InterruptedException {
    Request request = client.newRequest(ask.uri()).method(ask.method());
    // Connections are kept for each tag, so none is used that others vouched for.
    ask.authorities().ifPresent(request::tag);
    request.headers(headers -> putHeaders(headers, ask));
    if (ask.body().length > 0) {
      // A door has read it as JSON; the caller may have said so more precisely.
      request.body(new BytesRequestContent("application/json", ask.body()));
    }
    ComingAnswer coming = new ComingAnswer();
    request.send(coming);
    try {
      return answer(coming.await(), coming.body());
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new IOException(UpstreamClient.reason(cause), cause);
    } catch (InterruptedException e) {
      request.abort(e);
      throw e;
    }
  }

  private static void putHeaders(HttpFields.Mutable headers, Ask ask) {
    for (HttpField field : ask.headers()) {
      String name = field.getLowerCaseName();
      if (isAmong(name, ASKED, ASKED_FAMILIES) && !ask.ours().containsKey(name)) {
        headers.add(field);
      }
    }
    ask.ours().forEach(headers::put);
  }

  private static Answer answer(Response response, InputStream body) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpField field : response.getHeaders()) {
      String name = field.getLowerCaseName();
      if (isAmong(name, ANSWERED, ANSWERED_FAMILIES)) {
        headers.merge(name, field.getValue(), (first, next) -> first + ", " + next);
      }
    }
    long length = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    return new Answer(
        response.getStatus(),
        headers,
        length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
        body);
  }

  private static boolean isAmong(String name, Set<String> names, List<String> families) {
    if (names.contains(name)) {
      return true;
    }
    for (String family : families) {
      if (name.startsWith(family)) {
        return true;
      }
    }
    return false;
  }

  /** The header that carries a token of ours; none without one. */
  public static Map<String, String> bearer(Optional<String> token) {
    return token.map(text -> Map.of("authorization", "Bearer " + text)).orElse(Map.of());
  }

  @Override
  public void close() {
    UpstreamClient.stop(client);
  }
}
