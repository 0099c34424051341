package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.KeyRotation.Period;
import io.margay.agents.identity.token.SignedToken;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificates of an authority: its own, and those of workloads. */
final class CaCertificates {
  /** Clocks of those who sign and those who check differ a little. */
  private static final Duration BACKDATED = Duration.ofSeconds(30);

  private static final SecureRandom RANDOM = new SecureRandom();

  private CaCertificates() {}

  /** An authority: a certificate and its key. */
  record Authority(X509Certificate certificate, PrivateKey key) {}

  /** A new authority of a trust domain, good for its whole period. */
  static Authority newAuthority(String trustDomain, Period period, Instant now)
      throws GeneralSecurityException, IOException {
    KeyPair keys = newKeys();
    // A name of its own, so that chains are found without trying every authority.
    X500Name name =
        new X500Name(
            "O=Margay,CN="
                + trustDomain
                + " "
                + SignedToken.hash(keys.getPublic().getEncoded()).substring(0, 8));
    X509v3CertificateBuilder builder =
        builder(name, name, keys.getPublic(), now, period.trustedUntil());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions().createSubjectKeyIdentifier(keys.getPublic()));
    builder.addExtension(
        Extension.subjectAlternativeName, false, uri(new SpiffeId(trustDomain, "")));
    return new Authority(sign(builder, keys.getPrivate()), keys.getPrivate());
  }

  /** A workload's certificate. */
  static X509Certificate newSvid(
      Authority authority, SpiffeId id, PublicKey key, Instant now, Duration lifetime)
      throws GeneralSecurityException, IOException {
    Instant last = authority.certificate.getNotAfter().toInstant();
    Instant until = now.plus(lifetime).isBefore(last) ? now.plus(lifetime) : last;
    X509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(authority.certificate.getSubjectX500Principal().getEncoded()),
            new X500Name("O=Margay"),
            key,
            now,
            until);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions().createAuthorityKeyIdentifier(authority.certificate.getPublicKey()));
    builder.addExtension(Extension.subjectAlternativeName, false, uri(id));
    return sign(builder, authority.key);
  }

  static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509ExtensionUtils extensions() throws GeneralSecurityException {
    return new JcaX509ExtensionUtils();
  }

  private static GeneralNames uri(SpiffeId id) {
    return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, id.toString()));
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant until) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(now.minus(BACKDATED)),
        Date.from(until),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign: " + e.getMessage(), e);
    }
  }
}
