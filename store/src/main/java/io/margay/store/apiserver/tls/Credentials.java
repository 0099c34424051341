package io.margay.store.apiserver.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Everything by which server and user know each other. Kept in a directory: the authority, the
 * user's certificate and the user's token are made once; the server's certificate is made anew at
 * each start, for the names it then has.
 */
public final class Credentials {
  /** The name of the one user; its group is the one that Kubernetes lets do everything. */
  public static final String USER = "margay-admin";

  private static final String GROUP = "system:masters";
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

  private final CertificateAuthority authority;
  private final Identity server;
  private final Identity client;
  private final String token;
  private final InstantSource clock;

  private Credentials(
      CertificateAuthority authority,
      Identity server,
      Identity client,
      String token,
      InstantSource clock) {
    this.authority = authority;
    this.server = server;
    this.client = client;
    this.token = token;
    this.clock = clock;
  }

  /**
   * Reads what is there and makes what is missing.
   *
   * @param hosts the names and addresses by which clients know the server
   */
  public static Credentials loadOrCreate(Path directory, List<String> hosts, InstantSource clock)
      throws IOException, GeneralSecurityException {
    PrivateFiles.createDirectory(directory);
    CertificateAuthority authority = CertificateAuthority.loadOrCreate(directory, clock);
    return new Credentials(
        authority,
        authority.issueServer(hosts),
        client(directory, authority),
        token(directory),
        clock);
  }

  private static Identity client(Path directory, CertificateAuthority authority)
      throws IOException, GeneralSecurityException {
    Path certificateFile = directory.resolve("admin.crt");
    Path keyFile = directory.resolve("admin.key");
    if (Files.exists(certificateFile) && Files.exists(keyFile)) {
      return new Identity(
          Pem.readCertificate(Files.readString(certificateFile)),
          Pem.readKey(Files.readString(keyFile)));
    }
    Identity made = authority.issueClient(USER, GROUP);
    PrivateFiles.write(keyFile, Pem.write(made.key()));
    PrivateFiles.write(certificateFile, Pem.write(made.certificate()));
    return made;
  }

  private static String token(Path directory) throws IOException {
    Path file = directory.resolve("admin.token");
    if (Files.exists(file)) {
      String kept = Files.readString(file).strip();
      if (!kept.isEmpty()) {
        return kept;
      }
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    PrivateFiles.write(file, made + "\n");
    return made;
  }

  public Identity server() {
    return server;
  }

  /** The user whom a bearer token names, if it is the right one. */
  public Optional<String> userOfToken(String offered) {
    // Takes the same time for every wrong token, so that none can be guessed byte by byte.
    return MessageDigest.isEqual(
            offered.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))
        ? Optional.of(USER)
        : Optional.empty();
  }

  /**
   * The user whom a client certificate names, if our authority signed it for that purpose. That the
   * client holds the key has been proved in the TLS handshake.
   */
  public Optional<String> userOfCertificate(X509Certificate offered) {
    try {
      offered.checkValidity(Date.from(clock.instant()));
      offered.verify(authority.certificate().getPublicKey());
      List<String> purposes = offered.getExtendedKeyUsage();
      return purposes != null && purposes.contains(CLIENT_AUTHENTICATION)
          ? Optional.of(USER)
          : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes the file by which kubectl finds the server and proves who it is.
   *
   * @param server the server's URL
   */
  public void writeKubeconfig(Path file, String server) throws IOException {
    PrivateFiles.write(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
          - name: margay
            cluster:
              server: %s
              certificate-authority-data: %s
        users:
          - name: margay-admin
            user:
              client-certificate-data: %s
              client-key-data: %s
              token: %s
        contexts:
          - name: margay
            context:
              cluster: margay
              user: margay-admin
              namespace: default
        current-context: margay
        """
            .formatted(
                server,
                base64(Pem.write(authority.certificate())),
                base64(Pem.write(client.certificate())),
                base64(Pem.write(client.key())),
                token));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
