package io.margay.store.apiserver.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
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
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The authority that signs the server's and its user's certificates. It is made once and kept, so
 * that a kubeconfig stays good across restarts.
 */
final class CertificateAuthority {
  private static final Duration LIFETIME = Duration.ofDays(3650);

  /** Clocks differ a little between those who sign and those who check. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final X500Name NAME = new X500Name("CN=margay-api-ca");

  private final Identity identity;
  private final InstantSource clock;

  private CertificateAuthority(Identity identity, InstantSource clock) {
    this.identity = identity;
    this.clock = clock;
  }

  /** Reads ca.crt and ca.key of a directory, or makes them if neither is there. */
  static CertificateAuthority loadOrCreate(Path directory, InstantSource clock)
      throws IOException, GeneralSecurityException {
    Path certificateFile = directory.resolve("ca.crt");
    Path keyFile = directory.resolve("ca.key");
    if (Files.exists(certificateFile) && Files.exists(keyFile)) {
      X509Certificate certificate = Pem.readCertificate(Files.readString(certificateFile));
      certificate.checkValidity(Date.from(clock.instant()));
      return new CertificateAuthority(
          new Identity(certificate, Pem.readKey(Files.readString(keyFile))), clock);
    }
    KeyPair keys = newKeys();
    X509v3CertificateBuilder builder = builder(NAME, keys.getPublic(), clock.instant());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    Identity identity = new Identity(sign(builder, keys), keys.getPrivate());
    PrivateFiles.write(keyFile, Pem.write(identity.key()));
    PrivateFiles.write(certificateFile, Pem.write(identity.certificate()));
    return new CertificateAuthority(identity, clock);
  }

  X509Certificate certificate() {
    return identity.certificate();
  }

  /**
   * A certificate for the server.
   *
   * @param hosts the names and addresses by which clients know it
   */
  Identity issueServer(List<String> hosts) throws IOException, GeneralSecurityException {
    GeneralName[] names = new GeneralName[hosts.size()];
    for (int i = 0; i < names.length; i++) {
      String host = hosts.get(i);
      boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
      names[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }
    return issue("CN=margay-apiserver", KeyPurposeId.id_kp_serverAuth, new GeneralNames(names));
  }

  /** A certificate for a user, named as Kubernetes does: groups are organizations. */
  Identity issueClient(String user, String group) throws IOException, GeneralSecurityException {
    return issue("O=" + group + ",CN=" + user, KeyPurposeId.id_kp_clientAuth, null);
  }

  private Identity issue(String subject, KeyPurposeId purpose, @Nullable GeneralNames names)
      throws IOException, GeneralSecurityException {
    KeyPair keys = newKeys();
    X509v3CertificateBuilder builder =
        builder(new X500Name(subject), keys.getPublic(), clock.instant());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    if (names != null) {
      builder.addExtension(Extension.subjectAlternativeName, false, names);
    }
    KeyPair signer = new KeyPair(identity.certificate().getPublicKey(), identity.key());
    return new Identity(sign(builder, signer), keys.getPrivate());
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509v3CertificateBuilder builder(X500Name subject, PublicKey key, Instant now) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        new BigInteger(127, new SecureRandom()).setBit(126),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(LIFETIME)),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
      throws CertificateException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new CertificateException("cannot sign: " + e.getMessage(), e);
    }
  }
}
