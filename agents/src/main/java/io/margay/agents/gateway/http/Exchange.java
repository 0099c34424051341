package io.margay.agents.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.thread.Scheduler;

/** A request of an agent and the answer to it. */
public final class Exchange {
  /** Large enough for prompts with pictures in them. */
  private static final int MAX_BODY_BYTES = 16 << 20;

  private static final long BODY_SECONDS = 60;

  private final Request request;
  private final Response response;

  public Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
  }

  public Request request() {
    return request;
  }

  public String method() {
    return request.getMethod();
  }

  public HttpFields headers() {
    return request.getHeaders();
  }

  /** A header that may stand in the request once. */
  public Optional<String> header(String name) throws Refusal {
    String found = null;
    for (HttpField field : request.getHeaders()) {
      if (field.is(name)) {
        if (found != null) {
          throw new Refusal(400, "the header " + name + " stands in the request twice");
        }
        found = field.getValue();
      }
    }
    return Optional.ofNullable(found);
  }

  /** The query as it was sent, with its question mark; empty without one. */
  public String query() {
    String query = request.getHttpURI().getQuery();
    return query == null || query.isEmpty() ? "" : "?" + query;
  }

  /** The whole body. Who sends it byte by byte does not keep a thread for long. */
  public byte[] body() throws IOException, Refusal {
    AtomicBoolean late = new AtomicBoolean();
    Scheduler.Task deadline =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> {
                  late.set(true);
                  request.fail(new TimeoutException("the body did not come in time"));
                },
                BODY_SECONDS,
                TimeUnit.SECONDS);
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        throw new Refusal(413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      if (late.get()) {
        throw new Refusal(408, "the body did not come within " + BODY_SECONDS + " seconds");
      }
      throw e;
    } finally {
      deadline.cancel();
    }
  }

  public boolean isCommitted() {
    return response.isCommitted();
  }

  /** Answers with a whole body. */
  public void send(int status, String type, byte[] body, Map<String, String> headers)
      throws IOException {
    response.setStatus(status);
    HttpFields.Mutable fields = response.getHeaders();
    headers.forEach(fields::put);
    if (!type.isEmpty()) {
      fields.put(HttpHeader.CONTENT_TYPE, type);
    }
    fields.put(HttpHeader.CONTENT_LENGTH, body.length);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.write(body);
    }
  }

  /** Answers with a message in words. */
  public void sendText(int status, String text, Map<String, String> headers) throws IOException {
    send(
        status,
        "text/plain; charset=utf-8",
        (text + "\n").getBytes(StandardCharsets.UTF_8),
        headers);
  }

  /**
   * Begins an answer whose end is not known; what is flushed goes out at once. It is not to be
   * closed: the answer ends with its request, and an answer that breaks off must not look whole.
   */
  public OutputStream begin(int status, Map<String, String> headers) {
    response.setStatus(status);
    headers.forEach(response.getHeaders()::put);
    return Content.Sink.asOutputStream(response);
  }

  /** The host by which the client knows the gateway. */
  public URI origin() {
    return URI.create(
        request.getHttpURI().getScheme()
            + "://"
            + Request.getServerName(request)
            + ":"
            + Request.getServerPort(request));
  }
}
