package io.margay.model.resource;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** The authorities that vouch for one server: of their certificates there is at least one. */
public record CaBundle(List<X509Certificate> authorities) {

  public CaBundle {
    authorities = List.copyOf(authorities);
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("without a certificate");
    }
  }

  /**
   * Reads what Kubernetes calls a {@code caBundle}: PEM, and that in base64.
   *
   * @throws IllegalArgumentException saying what is wrong, if it is neither
   */
  public static CaBundle parse(String base64) {
    if (base64.strip().startsWith("-----BEGIN")) {
      throw new IllegalArgumentException("PEM as it is, and not base64 of it");
    }
    byte[] pem;
    try {
      pem = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not base64: " + e.getMessage(), e);
    }
    return ofPem(pem);
  }

  /**
   * Reads PEM.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static CaBundle ofPem(byte[] pem) {
    List<X509Certificate> authorities = new ArrayList<>();
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      for (Certificate certificate : all) {
        authorities.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("no certificates in PEM: " + e.getMessage(), e);
    }
    return new CaBundle(authorities);
  }
}
