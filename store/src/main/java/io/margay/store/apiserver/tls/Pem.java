package io.margay.store.apiserver.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and keys as text. */
final class Pem {
  private Pem() {}

  static String write(X509Certificate certificate) throws IOException {
    return text(certificate);
  }

  /** As PKCS#8, which names the curve: Go's clients cannot read an EC key that does not. */
  static String write(PrivateKey key) throws IOException {
    return text(new JcaPKCS8Generator(key, null));
  }

  private static String text(Object certificateOrKey) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(certificateOrKey);
    }
    return text.toString();
  }

  static X509Certificate readCertificate(String text) throws IOException {
    try (PEMParser pem = new PEMParser(new StringReader(text))) {
      if (pem.readObject() instanceof X509CertificateHolder holder) {
        return new JcaX509CertificateConverter().getCertificate(holder);
      }
      throw new IOException("no certificate");
    } catch (CertificateException e) {
      throw new IOException("not a certificate: " + e.getMessage(), e);
    }
  }

  static PrivateKey readKey(String text) throws IOException {
    try (PEMParser pem = new PEMParser(new StringReader(text))) {
      if (pem.readObject() instanceof PrivateKeyInfo info) {
        return new JcaPEMKeyConverter().getPrivateKey(info);
      }
      throw new IOException("no private key");
    }
  }
}
