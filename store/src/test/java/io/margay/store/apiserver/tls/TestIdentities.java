package io.margay.store.apiserver.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** Client certificates for tests. */
public final class TestIdentities {
  private TestIdentities() {}

  /** The identity that a server keeps in its directory under a name. */
  public static KeyManager[] keptIn(Path pki, String name) throws Exception {
    return keys(
        new Identity(
            Pem.readCertificate(Files.readString(pki.resolve(name + ".crt"))),
            Pem.readKey(Files.readString(pki.resolve(name + ".key")))));
  }

  /** A server's identity, signed by the right authority for the wrong purpose. */
  public static KeyManager[] server(Path pki) throws Exception {
    return keys(
        CertificateAuthority.loadOrCreate(pki, InstantSource.system())
            .issueServer(List.of("localhost")));
  }

  private static KeyManager[] keys(Identity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    char[] password = {};
    store.load(null, password);
    store.setKeyEntry(
        "client", identity.key(), password, new Certificate[] {identity.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, password);
    return factory.getKeyManagers();
  }
}
