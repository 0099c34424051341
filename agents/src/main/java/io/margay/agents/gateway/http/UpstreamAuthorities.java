package io.margay.agents.gateway.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
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
    byte[] pem = Files.readAllBytes(file);
    List<X509Certificate> own = new ArrayList<>();
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      for (Certificate certificate : all) {
        own.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw new IOException(file + " has no certificates in PEM: " + e.getMessage(), e);
    }
    if (own.isEmpty()) {
      throw new IOException(
          file + " is empty: write the authorities' certificates into it, in PEM");
    }
    return new UpstreamAuthorities(own);
  }

  /** For a client, which also checks that a certificate is for the host that it calls. */
  SslContextFactory.Client client() {
    SslContextFactory.Client client = new SslContextFactory.Client();
    if (!own.isEmpty()) {
      client.setTrustStore(all());
    }
    return client;
  }

  private KeyStore all() {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      TrustManagerFactory known =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      known.init((KeyStore) null);
      List<X509Certificate> certificates = new ArrayList<>(own);
      for (TrustManager manager : known.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          certificates.addAll(List.of(x509.getAcceptedIssuers()));
        }
      }
      for (int i = 0; i < certificates.size(); i++) {
        all.setCertificateEntry("authority-" + i, certificates.get(i));
      }
      return all;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the authorities of upstreams cannot be used", e);
    }
  }
}
