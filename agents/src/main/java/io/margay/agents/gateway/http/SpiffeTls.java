package io.margay.agents.gateway.http;

import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.RefusedTokenException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS between workloads: each side shows its SVID, and takes the other's as SPIFFE says. Host names
 * mean nothing; who the other side is, its SPIFFE id says.
 */
public final class SpiffeTls {
  private SpiffeTls() {}

  /**
   * A context for both sides.
   *
   * @param own our SVID, asked for at each handshake, so that a rotated one is used at once
   */
  public static SSLContext context(Supplier<IssuedX509> own, X509Svids svids) {
    return context(own, svids, _ -> {});
  }

  /**
   * The same.
   *
   * @param refused is told why, for every client that is not taken; it must not block
   */
  public static SSLContext context(
      Supplier<IssuedX509> own, X509Svids svids, Consumer<String> refused) {
    return context(own, trust(svids, refused));
  }

  /**
   * A context for a client of one server: no other workload is taken for it, whatever its address.
   *
   * @param server the one
   */
  public static SSLContext contextFor(SpiffeId server, Supplier<IssuedX509> own, X509Svids svids) {
    return context(own, new SvidTrust(svids, _ -> {}, Optional.of(server)));
  }

  private static SSLContext context(Supplier<IssuedX509> own, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {keys(own)}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  /** Our side of such a context. */
  public static KeyManager keys(Supplier<IssuedX509> own) {
    return new OwnSvid(own);
  }

  /** The other side of such a context. */
  public static TrustManager trust(X509Svids svids) {
    return trust(svids, _ -> {});
  }

  /**
   * The same.
   *
   * @param refused is told why, for every client that is not taken; it must not block
   */
  public static TrustManager trust(X509Svids svids, Consumer<String> refused) {
    return new SvidTrust(svids, refused, Optional.empty());
  }

  /** Shows the current SVID, under the one alias that there is. */
  private static final class OwnSvid extends X509ExtendedKeyManager {
    private static final String ALIAS = "svid";
    private final Supplier<IssuedX509> own;

    private OwnSvid(Supplier<IssuedX509> own) {
      this.own = own;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return own.get().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.get().key();
    }
  }

  /** Takes whoever has a good SVID of a trust domain that we trust, or one server only. */
  private static final class SvidTrust extends X509ExtendedTrustManager {
    private final X509Svids svids;
    private final Consumer<String> refused;
    private final Optional<SpiffeId> server;

    private SvidTrust(X509Svids svids, Consumer<String> refused, Optional<SpiffeId> server) {
      this.svids = svids;
      this.refused = refused;
      this.server = server;
    }

    private void check(X509Certificate[] chain, X509Svids.Role role) throws CertificateException {
      try {
        SpiffeId shown = svids.verify(List.of(chain), role).id();
        if (server.isPresent() && !server.get().equals(shown)) {
          throw new CertificateException(
              "the server is %s, and should be %s".formatted(shown, server.get()));
        }
      } catch (RefusedTokenException e) {
        if (role == X509Svids.Role.CLIENT) {
          refused.accept(e.reason());
        }
        throw new CertificateException(e.reason());
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, X509Svids.Role.CLIENT);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain, X509Svids.Role.CLIENT);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain, X509Svids.Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, X509Svids.Role.SERVER);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain, X509Svids.Role.SERVER);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain, X509Svids.Role.SERVER);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
