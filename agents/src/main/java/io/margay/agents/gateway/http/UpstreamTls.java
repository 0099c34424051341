package io.margay.agents.gateway.http;

import io.margay.model.resource.CaBundle;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory.SslEngineFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS of the client of upstreams. A request whose tag is a {@link CaBundle} is for a server that
 * only those authorities may vouch for. Whoever vouches, the certificate has to be for the host.
 */
final class UpstreamTls extends SslContextFactory.Client implements SslEngineFactory {

  @Override
  public SSLEngine newSslEngine(String host, int port, Map<String, Object> context) {
    if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination
        && destination.getOrigin().getTag() instanceof CaBundle bundle) {
      // Connections are kept, so this is rare enough to begin from nothing.
      SSLEngine engine = context(bundle).createSSLEngine(host, port);
      customize(engine);
      return engine;
    }
    return newSSLEngine(host, port);
  }

  private static SSLContext context(CaBundle bundle) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(UpstreamAuthorities.store(bundle.authorities()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the authorities of a server cannot be used", e);
    }
  }
}
