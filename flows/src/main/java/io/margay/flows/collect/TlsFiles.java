package io.margay.flows.collect;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process shows to the other side, and whom it believes. PEM files; both sides show a
 * certificate.
 *
 * @param certificate with its chain
 * @param key PKCS#8, not encrypted
 * @param authority those who may sign the other side's certificate
 */
public record TlsFiles(Path certificate, Path key, Path authority) {
  /**
   * @throws IllegalArgumentException with a message for the user if a file cannot be read
   */
  public TlsFiles {
    check("certificate", certificate);
    check("key", key);
    check("authority", authority);
  }

  private static void check(String what, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "the TLS " + what + " " + file + " cannot be read, give a PEM file");
    }
  }
}
