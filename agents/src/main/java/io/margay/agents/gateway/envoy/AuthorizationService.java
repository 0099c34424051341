package io.margay.agents.gateway.envoy;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.Refusals;
import io.margay.agents.gateway.envoy.proto.AttributeContext;
import io.margay.agents.gateway.envoy.proto.AttributeContext.HttpRequest;
import io.margay.agents.gateway.envoy.proto.AuthorizationGrpc.AuthorizationImplBase;
import io.margay.agents.gateway.envoy.proto.CheckRequest;
import io.margay.agents.gateway.envoy.proto.CheckResponse;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.token.Confirmation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpURI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers Envoy's question whether a request may go on: at the same doors that requests to our own
 * server come in at, so with the same answers.
 */
public final class AuthorizationService extends AuthorizationImplBase {
  private static final Logger log = LoggerFactory.getLogger(AuthorizationService.class);

  /** The certificate of the Envoy that asks. */
  static final Context.Key<Confirmation> ENVOY = Context.key("envoy");

  /** In a route's configuration: which server it leads to, as {@code mcp/crm}. */
  private static final String SERVER = "margay.server";

  /** In a route's configuration: the path before that server's own. */
  private static final String BASE = "margay.base";

  private final Doors doors;
  private final Refusals refusals;

  /**
   * @param doors over a gate that does not wait and leaves calls to Envoy, as {@link HandedOver}
   */
  public AuthorizationService(Doors doors, Refusals refusals) {
    this.doors = doors;
    this.refusals = refusals;
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
    try {
      observer.onNext(check(request.getAttributes(), ENVOY.get()));
      observer.onCompleted();
    } catch (IOException | RuntimeException e) {
      // Envoy takes this for a no, unless it is told to let pass what it cannot ask about.
      log.error("A check failed", e);
      observer.onError(Status.INTERNAL.asRuntimeException());
    }
  }

  private CheckResponse check(AttributeContext asked, Confirmation envoy) throws IOException {
    HttpRequest request = asked.getRequest().getHttp();
    CheckExchange exchange = new CheckExchange(request, List.of(), envoy);
    try {
      exchange = new CheckExchange(request, certificates(asked.getSource()), envoy);
      doors.serve(exchange, path(exchange, asked.getContextExtensionsMap()));
    } catch (Refusal e) {
      exchange.sendText(e.status(), e.reason(), e.headers());
    }
    return exchange.response();
  }

  /** The path at our doors: the request's own, or what its route says instead. */
  private static String path(CheckExchange exchange, Map<String, String> route) throws Refusal {
    String path = exchange.path();
    HttpURI uri = HttpURI.from("https", "envoy", 443, path);
    if (!path.startsWith("/") || uri.hasViolations() || !path.equals(uri.getCanonicalPath())) {
      // Whoever sends it on could read it otherwise than we do.
      throw new Refusal(400, "the path can be read in two ways: " + path);
    }
    String server = route.get(SERVER);
    if (server == null) {
      return path;
    }
    String base = route.getOrDefault(BASE, "/").replaceAll("/$", "");
    if (!path.equals(base) && !path.startsWith(base + "/")) {
      throw new Refusal(
          404, "the route's %s is %s/, and %s is not below".formatted(BASE, base, path));
    }
    String rest = path.substring(base.length());
    return "/" + server + (rest.equals("/") ? "" : rest);
  }

  private List<X509Certificate> certificates(AttributeContext.Peer source) throws Refusal {
    if (source.getCertificate().isEmpty()) {
      return List.of();
    }
    try {
      String pem =
          URLDecoder.decode(source.getCertificate().replace("+", "%2B"), StandardCharsets.US_ASCII);
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException | IllegalArgumentException e) {
      String reason = "the client's certificate, as Envoy sent it, cannot be read";
      refusals.refused(Optional.empty(), "envoy", reason);
      throw new Refusal(401, reason);
    }
  }
}
