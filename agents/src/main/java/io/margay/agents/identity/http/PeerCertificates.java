package io.margay.agents.identity.http;

import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** The certificates that a TLS client showed. */
public final class PeerCertificates {
  private PeerCertificates() {}

  /** Its own first; empty when it showed none, or the connection is not TLS. */
  public static List<X509Certificate> of(Request request) {
    if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
            instanceof EndPoint.SslSessionData session
        && session.peerCertificates() != null) {
      return List.of(session.peerCertificates());
    }
    return List.of();
  }
}
