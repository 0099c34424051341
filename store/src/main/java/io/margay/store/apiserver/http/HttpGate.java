package io.margay.store.apiserver.http;

import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.tls.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one door of the API server: finds out who asks, reads the body within its limit, and turns
 * replies and refusals into HTTP. Only health and version are told to strangers.
 */
public final class HttpGate extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(HttpGate.class);

  /** The limit of Kubernetes for a request body, in bytes. */
  private static final int MAX_BODY = 3 << 20;

  /**
   * How much of the body of a refused request is read and thrown away, in bytes, so that the client
   * gets to see why it was refused instead of a broken connection or a reset stream.
   */
  private static final int MAX_DRAINED = 64 << 20;

  private final Credentials credentials;
  private final Function<ApiRequest, Reply> api;

  public HttpGate(Credentials credentials, Function<ApiRequest, Reply> api) {
    this.credentials = credentials;
    this.api = api;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      send(answer(request), request, response);
      callback.succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (IOException | RuntimeException e) {
      // The client has gone; there is nobody left to tell.
      LOG.debug("Could not answer {}: {}", request.getHttpURI(), e.toString());
      callback.failed(e);
    }
    return true;
  }

  private Reply answer(Request request) throws IOException {
    try {
      List<String> segments = segments(request);
      Optional<String> user = user(request);
      if (user.isEmpty() && !isPublic(request.getMethod(), segments)) {
        throw new ApiException(
            Reason.UNAUTHORIZED,
            "Unauthorized: only the credential of the server's kubeconfig may use this API");
      }
      if (header(request, HttpHeader.UPGRADE).equalsIgnoreCase("websocket")) {
        // Clients that prefer WebSocket watches take this answer as the hint to do without.
        throw new ApiException(
            Reason.UNAVAILABLE, "WebSocket is not offered here: watch over plain HTTP");
      }
      return api.apply(
          new ApiRequest(
              request.getMethod(),
              segments,
              query(request),
              Accept.parse(header(request, HttpHeader.ACCEPT)),
              MediaType.parse(header(request, HttpHeader.CONTENT_TYPE)).name(),
              header(request, HttpHeader.USER_AGENT),
              user.orElse("system:anonymous"),
              body(request)));
    } catch (ApiException e) {
      drain(request);
      return new Reply.Json(e.reason().code(), e.status());
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
      ApiException failure = new ApiException(Reason.INTERNAL, "Internal error occurred: " + e);
      return new Reply.Json(failure.reason().code(), failure.status());
    }
  }

  private static List<String> segments(Request request) {
    String path = request.getHttpURI().getDecodedPath();
    return Arrays.stream(path.split("/", -1)).filter(part -> !part.isEmpty()).toList();
  }

  /** What kubectl and load balancers ask before they have proved who they are. */
  private static boolean isPublic(String method, List<String> segments) {
    return method.equals("GET")
        && !segments.isEmpty()
        && switch (segments.getFirst()) {
          case "healthz", "livez", "readyz", "version" -> true;
          default -> false;
        };
  }

  private Optional<String> user(Request request) {
    String authorization = header(request, HttpHeader.AUTHORIZATION);
    if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return credentials.userOfToken(authorization.substring(7).strip());
    }
    if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
            instanceof EndPoint.SslSessionData session
        && session.peerCertificates() != null
        && session.peerCertificates().length > 0) {
      X509Certificate offered = session.peerCertificates()[0];
      return credentials.userOfCertificate(offered);
    }
    return Optional.empty();
  }

  private static QueryParameters query(Request request) {
    try {
      Map<String, List<String>> values = new HashMap<>();
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        values.put(field.getName(), field.getValues());
      }
      return new QueryParameters(values);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Reason.BAD_REQUEST, "the query cannot be read: " + e.getMessage());
    }
  }

  private static byte[] body(Request request) throws IOException {
    if (request.getLength() > MAX_BODY) {
      throw tooLarge();
    }
    InputStream in = Content.Source.asInputStream(request);
    byte[] body = in.readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw tooLarge();
    }
    return body;
  }

  private static ApiException tooLarge() {
    return new ApiException(
        Reason.TOO_LARGE, "Request entity too large: limit is " + MAX_BODY + " bytes");
  }

  private static void drain(Request request) throws IOException {
    InputStream in = Content.Source.asInputStream(request);
    byte[] scrap = new byte[1 << 16];
    long drained = 0;
    for (int n = in.read(scrap); n >= 0 && drained < MAX_DRAINED; n = in.read(scrap)) {
      drained += n;
    }
  }

  private static String header(Request request, HttpHeader name) {
    String value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }

  private static void send(Reply reply, Request request, Response response)
      throws IOException, InterruptedException {
    for (String warning : reply.warnings()) {
      response
          .getHeaders()
          .add("Warning", "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
    switch (reply) {
      case Reply.Json json -> {
        byte[] bytes = JsonBody.write(json.body());
        if (json.status() == Reason.UNAUTHORIZED.code()) {
          response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"margay\"");
        }
        write(response, json.status(), json.contentType(), bytes);
      }
      case Reply.Text text ->
          write(
              response,
              text.status(),
              "text/plain; charset=utf-8",
              text.body().getBytes(StandardCharsets.UTF_8));
      case Reply.Binary binary -> write(response, 200, binary.contentType(), binary.body());
      case Reply.Stream stream -> {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, stream.contentType());
        // A quiet stream writes nothing, and so would not notice that its client has gone.
        Thread writer = Thread.currentThread();
        request.addFailureListener(failure -> writer.interrupt());
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
          stream.body().writeTo(out);
        }
      }
    }
  }

  private static void write(Response response, int status, String contentType, byte[] bytes)
      throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.write(bytes);
    }
  }
}
