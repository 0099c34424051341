package io.margay.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/** A request and its answer. */
public final class Exchange {
  private final Request request;
  private final Response response;
  private final Fields query;

  Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
    try {
      this.query = Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw HttpFailure.badRequest("the query is not URL-encoded UTF-8: " + e.getMessage());
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
