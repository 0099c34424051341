package io.margay.agents.gateway.http;

import io.margay.model.resource.CaBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Who may have signed the certificates of the servers that the gateway calls: the authorities that
 * the JDK knows, and those of the cluster's owner.
 */
public record UpstreamAuthorities(List<X509Certificate> own) {
  /** Those of the JDK. */
  public static final UpstreamAuthorities PUBLIC = new UpstreamAuthorities(List.of());

  public UpstreamAuthorities {
    own = List.copyOf(own);
  }

  /**
   * The JDK's, and those of a PEM file.
   *
   * @throws IOException with a message for the user, if the file has no certificates
   */
  public static UpstreamAuthorities read(Path file) throws IOException {
    try {
      return new UpstreamAuthorities(CaBundle.ofPem(Files.readAllBytes(file)).authorities());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: %s; write the authorities' certificates into it, in PEM"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** For a client, which also checks that a certificate is for the host that it calls. */
  SslContextFactory.Client client() {
    UpstreamTls client = new UpstreamTls();
    if (!own.isEmpty()) {
      client.setTrustStore(store(all()));
    }
    return client;
  }

  private List<X509Certificate> all() {
    try {
      TrustManagerFactory known =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      known.init((KeyStore) null);
      List<X509Certificate> all = new ArrayList<>(own);
      for (TrustManager manager : known.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          all.addAll(List.of(x509.getAcceptedIssuers()));
        }
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not tell its authorities", e);
    }
  }

  /** Certificates as TLS wants them. */
  static KeyStore store(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the authorities of upstreams cannot be used", e);
    }
  }
}
