package io.margay.agents.audit.log;

import io.margay.agents.audit.PayloadKey;
import io.margay.agents.audit.merkle.NoteSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * The two secrets of a log: the key that signs its checkpoints, and the one that hashes payloads.
 * Whoever has the first can write another history; keep it away from whoever can write the log.
 */
public record AuditKeys(NoteSigner signer, PayloadKey payloads) {
  private static final String SIGNING = "checkpoint-signing.key";
  private static final String PAYLOAD = "payload-hash.key";

  /**
   * Reads the keys of a directory, or makes them there, readable by their owner only.
   *
   * @param name of the signing key and the log's origin, such as {@code gateway.example.com/audit}
   */
  public static AuditKeys loadOrCreate(Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    return new AuditKeys(
        new NoteSigner(name, signingKey(directory.resolve(SIGNING))),
        new PayloadKey(payloadKey(directory.resolve(PAYLOAD))));
  }

  private static KeyPair signingKey(Path file) throws IOException {
    String text;
    try {
      text = secret(file);
    } catch (NoSuchFileException e) {
      KeyPair keys = NoteSigner.generate();
      create(
          file,
          Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded())
              + "\n"
              + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
              + "\n");
      return keys;
    }
    try {
      String[] lines = text.strip().split("\n", -1);
      if (lines.length != 2) {
        throw new IOException(file + ": not a signing key: it has two lines of Base64");
      }
      KeyFactory factory = KeyFactory.getInstance("Ed25519");
      Base64.Decoder base64 = Base64.getDecoder();
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(base64.decode(lines[1]))),
          factory.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(lines[0]))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + ": not an Ed25519 key", e);
    }
  }

  private static byte[] payloadKey(Path file) throws IOException {
    try {
      byte[] key = HexFormat.of().parseHex(secret(file).strip());
      if (key.length == PayloadKey.SIZE) {
        return key;
      }
    } catch (NoSuchFileException e) {
      byte[] key = new byte[PayloadKey.SIZE];
      new SecureRandom().nextBytes(key);
      create(file, HexFormat.of().formatHex(key) + "\n");
      return key;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": not a payload key: write 64 hexadecimal digits", e);
    }
    throw new IOException(file + ": not a payload key: write 64 hexadecimal digits");
  }

  private static String secret(Path file) throws IOException {
    String text = Files.readString(file);
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(file + ": everybody can use this key; run chmod 600 on it");
    }
    return text;
  }

  private static void create(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, text, StandardOpenOption.SYNC, StandardOpenOption.WRITE);
    Files.move(draft, file);
    LogFiles.forceDirectoryOf(file);
  }
}
