package io.margay.agents.identity.workload;

import com.google.protobuf.ByteString;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.TrustBundle;
import io.margay.agents.identity.spiffe.TrustBundles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Bundles and certificates in the messages of the Workload API. */
final class WireBundles {
  private WireBundles() {}

  /** DER certificates, one after the other. */
  static ByteString der(List<X509Certificate> certificates) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (X509Certificate certificate : certificates) {
      try {
        bytes.writeBytes(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was read can be written", e);
      }
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  static List<X509Certificate> certificates(ByteString der) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(der.toByteArray()))) {
      certificates.add((X509Certificate) certificate);
    }
    return certificates;
  }

  /** By the SPIFFE ids of their trust domains. */
  static Map<String, ByteString> byDomain(
      TrustBundles bundles, Function<TrustBundle, ByteString> write) {
    Map<String, ByteString> all = new HashMap<>();
    bundles
        .byDomain()
        .forEach(
            (domain, bundle) -> all.put(new SpiffeId(domain, "").toString(), write.apply(bundle)));
    return all;
  }
}
