package io.margay.agents.gateway.http;

import io.margay.agents.identity.http.PeerCertificates;
import io.margay.agents.identity.token.Confirmation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A request that came to our own server. */
public final class JettyExchange extends Exchange implements AutoCloseable {
  /** Large enough for prompts with pictures in them. */
  private static final int MAX_BODY_BYTES = 16 << 20;

  private static final long BODY_SECONDS = 60;
  private static final String EVENT_STREAM = "text/event-stream";

  private static final String ELSEWHERE = "margay.elsewhere";

  private final Request request;
  private final Response response;
  private final Heartbeats heartbeats;
  private volatile Runnable onGone = () -> {};
  private Heartbeats.@Nullable Stream stream;

  /**
   * @param heartbeats for an answer that is a stream of events
   */
  public JettyExchange(Request request, Response response, Heartbeats heartbeats) {
    this.request = request;
    this.response = response;
    this.heartbeats = heartbeats;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public HttpFields headers() {
    return request.getHeaders();
  }

  @Override
  public String query() {
    String query = request.getHttpURI().getQuery();
    return query == null || query.isEmpty() ? "" : "?" + query;
  }

  /** Who sends it byte by byte does not keep a thread for long. */
  @Override
  public byte[] body() throws IOException, Refusal {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    if (!takeWhatIsThere(bytes)) {
      await(bytes);
    }
    if (bytes.size() > MAX_BODY_BYTES) {
      throw new Refusal(413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
    }
    return bytes.toByteArray();
  }

  /** Most bodies come with their headers and need no clock. Gives whether this was all. */
  private boolean takeWhatIsThere(ByteArrayOutputStream bytes) throws IOException {
    while (bytes.size() <= MAX_BODY_BYTES) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        return false;
      }
      if (Content.Chunk.isFailure(chunk)) {
        throw new IOException("the body broke off", chunk.getFailure());
      }
      byte[] part = BufferUtil.toArray(chunk.getByteBuffer());
      bytes.write(part, 0, part.length);
      chunk.release();
      if (chunk.isLast()) {
        return true;
      }
    }
    return true;
  }

  private void await(ByteArrayOutputStream bytes) throws IOException, Refusal {
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
      byte[] rest = in.readNBytes(MAX_BODY_BYTES + 1 - bytes.size());
      bytes.write(rest, 0, rest.length);
    } catch (IOException e) {
      if (late.get()) {
        throw new Refusal(408, "the body did not come within " + BODY_SECONDS + " seconds");
      }
      throw e;
    } finally {
      deadline.cancel();
    }
  }

  @Override
  public boolean isCommitted() {
    return response.isCommitted();
  }

  @Override
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

  @Override
  public OutputStream begin(int status, Map<String, String> headers) {
    response.setStatus(status);
    headers.forEach(response.getHeaders()::put);
    OutputStream out = Content.Sink.asOutputStream(response);
    String type = response.getHeaders().get(HttpHeader.CONTENT_TYPE);
    boolean events = type != null && type.toLowerCase(Locale.ROOT).startsWith(EVENT_STREAM);
    if (!events || response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
      return out;
    }
    stream = heartbeats.over(out, () -> onGone.run());
    return stream;
  }

  /**
   * Notes the address of a request that names one with the scheme http, although it came over TLS:
   * its client takes us for its proxy.
   */
  public static Request noteAddress(Request request) {
    HttpURI uri = request.getHttpURI();
    if (HttpScheme.HTTP.is(uri.getScheme()) && !request.getMethod().equals("CONNECT")) {
      request.setAttribute(ELSEWHERE, "http://" + uri.getAuthority() + uri.getPath());
    }
    return request;
  }

  /**
   * The address, without its query, that was meant when the request was for another server.
   *
   * @throws Refusal when it is none
   */
  public Optional<URI> elsewhere() throws Refusal {
    Object noted = request.getAttribute(ELSEWHERE);
    if (noted == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(noted.toString()));
    } catch (URISyntaxException e) {
      throw new Refusal(400, noted + " is no address");
    }
  }

  @Override
  public URI address() {
    if (request.getAttribute(ELSEWHERE) instanceof String noted) {
      return URI.create(noted);
    }
    return URI.create(
        request.getHttpURI().getScheme()
            + "://"
            + Request.getServerName(request)
            + ":"
            + Request.getServerPort(request)
            + request.getHttpURI().getCanonicalPath());
  }

  @Override
  public List<X509Certificate> certificates() {
    return PeerCertificates.of(request);
  }

  @Override
  public Optional<Confirmation> holder() {
    return Optional.empty();
  }

  @Override
  public void onGone(Runnable action) {
    onGone = action;
    request.addFailureListener(_ -> action.run());
  }

  /** Nothing is written to the answer from here on but its end. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
