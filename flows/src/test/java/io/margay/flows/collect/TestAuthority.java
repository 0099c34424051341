package io.margay.flows.collect;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority in a folder. */
final class TestAuthority {
  private final Path folder;
  private final X500Name name;
  private final KeyPair keys;
  private long serial = 1;

  TestAuthority(Path folder, String name) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.name = new X500Name("CN=" + name);
    this.keys = newKeys();
    write("ca.crt", "CERTIFICATE", certificate(this.name, keys, true));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private byte[] certificate(X500Name subject, KeyPair of, boolean authority)
      throws IOException, OperatorCreationException {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            subject,
            of.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return builder
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
        .getEncoded();
  }

  private Path write(String file, String type, byte[] content) throws IOException {
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type));
  }

  /** A certificate for 127.0.0.1 that believes this authority alone. */
  TlsFiles issue(String owner) throws Exception {
    KeyPair ownKeys = newKeys();
    return new TlsFiles(
        write(
            owner + ".crt",
            "CERTIFICATE",
            certificate(new X500Name("CN=" + owner), ownKeys, false)),
        write(owner + ".key", "PRIVATE KEY", ownKeys.getPrivate().getEncoded()),
        folder.resolve("ca.crt"));
  }
}
