package io.margay.store.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * What a client's private key is. The client library knows elliptic keys only by the older PEM
 * heading that names them, and takes a key in PKCS #8 form, which names none, for RSA.
 */
final class ClientKey {
  private static final String HEADING = "-----BEGIN PRIVATE KEY-----";
  private static final String FOOTER = "-----END PRIVATE KEY-----";

  private ClientKey() {}

  /** Whether the configuration's key is an elliptic one in PKCS #8 form. */
  static boolean isEllipticPkcs8(Config config) throws IOException {
    String pem = pem(config);
    int start = pem.indexOf(HEADING);
    int end = pem.indexOf(FOOTER);
    if (start < 0 || end < start) {
      return false;
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(start + HEADING.length(), end));
      KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return true;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static String pem(Config config) throws IOException {
    String data = config.getClientKeyData();
    if (data != null && !data.isBlank()) {
      return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
    }
    String file = config.getClientKeyFile();
    return file == null || file.isBlank() ? "" : Files.readString(Path.of(file));
  }
}
