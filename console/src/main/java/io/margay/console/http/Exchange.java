package io.margay.console.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.console.access.Caller;
import io.margay.flows.shard.MissingShards;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/** A request and its answer. */
public final class Exchange {
  /** Policies are small; a megabyte is more than the Kubernetes API takes. */
  private static final int MAX_BODY_BYTES = 1 << 20;

  /** Names the processes whose part an answer lacks; not there if the answer is whole. */
  private static final String MISSING_SHARDS = "Margay-Missing-Shards";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final Request request;
  private final Response response;
  private final Fields query;
  private final Map<String, String> parameters;
  private Caller caller = Caller.NOBODY;

  Exchange(Request request, Response response, Map<String, String> parameters) {
    this.request = request;
    this.response = response;
    this.parameters = parameters;
    try {
      this.query = Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw HttpFailure.badRequest("the query is not URL-encoded UTF-8: " + e.getMessage());
    }
  }

  Exchange as(Caller sender) {
    caller = sender;
    return this;
  }

  /** Who sends the request. */
  public Caller caller() {
    return caller;
  }

  public String method() {
    return request.getMethod();
  }

  /** The value of a part of the path that the route has in braces. */
  public String path(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  /** Where the request comes from, as far as the connection tells. */
  public String remoteAddress() {
    return Request.getRemoteAddr(request);
  }

  public Optional<String> cookie(String name) {
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  /** The JSON object that the request brings. */
  public JsonNode body() throws IOException {
    String type = header("Content-Type").orElse("");
    if (!type.startsWith("application/json")) {
      throw new HttpFailure(415, "send JSON, with Content-Type: application/json");
    }
    byte[] bytes;
    try (InputStream in = Content.Source.asInputStream(request)) {
      bytes = in.readNBytes(MAX_BODY_BYTES + 1);
    }
    if (bytes.length > MAX_BODY_BYTES) {
      throw new HttpFailure(413, "the body is larger than %d bytes".formatted(MAX_BODY_BYTES));
    }
    try {
      JsonNode body = JSON.readTree(bytes);
      if (!body.isObject()) {
        throw HttpFailure.badRequest("the body is not a JSON object");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw HttpFailure.badRequest("the body is " + Json.notJson(e));
    }
  }

  /** The value of a query parameter; empty when it is missing or empty. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.getValue(name)).filter(value -> !value.isEmpty());
  }

  /** All values of a query parameter that may be repeated. */
  public List<String> queryValues(String name) {
    return query.getValuesOrEmpty(name);
  }

  /** A whole number; the default when it is missing. */
  public long queryNumber(String name, long missing) {
    return query(name).map(text -> number(name, text)).orElse(missing);
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw HttpFailure.badRequest(name + " \"" + text + "\" is not a whole number");
    }
  }

  /** A whole number within bounds; the default when it is missing. */
  public int queryNumber(String name, int missing, int least, int most) {
    long value = queryNumber(name, missing);
    if (value < least || value > most) {
      throw HttpFailure.badRequest(
          "%s %d is not between %d and %d".formatted(name, value, least, most));
    }
    return (int) value;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /** Whether only the headers of the answer are wanted. */
  public boolean isHead() {
    return request.getMethod().equals("HEAD");
  }

  public void setHeader(HttpHeader header, String value) {
    response.getHeaders().put(header, value);
  }

  public void addHeader(HttpHeader header, String value) {
    response.getHeaders().add(header, value);
  }

  /** Sends the browser elsewhere; it asks there with GET. */
  public void redirect(String location) throws IOException {
    setHeader(HttpHeader.LOCATION, location);
    send(303, "text/plain; charset=utf-8", new byte[0]);
  }

  /** Answers with JSON. */
  public void json(Json.Value value) throws IOException {
    send(200, "application/json", Json.bytes(value));
  }

  /** Answers with a whole body. */
  public void send(int status, String contentType, byte[] body) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    if (!response.getHeaders().contains(HttpHeader.CACHE_CONTROL)) {
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    }
    Set<String> missing = MissingShards.noted();
    if (!missing.isEmpty()) {
      response.getHeaders().put(MISSING_SHARDS, String.join(",", new TreeSet<>(missing)));
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      if (!isHead()) {
        out.write(body);
      }
    }
  }

  /** Begins an answer without end; every write goes out at once. */
  public OutputStream eventStream() {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    return Content.Sink.asOutputStream(response);
  }

  boolean isCommitted() {
    return response.isCommitted();
  }
}
