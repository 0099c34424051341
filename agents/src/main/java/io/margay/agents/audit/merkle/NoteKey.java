package io.margay.agents.audit.merkle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The public half of a key that signs notes: what somebody needs who checks them. */
public final class NoteKey {
  /** C2SP's number for Ed25519. */
  private static final byte ED25519 = 1;

  private static final int KEY_SIZE = 32;

  /** The bytes before an Ed25519 key in the form that Java reads (RFC 8410). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String name;
  private final byte[] raw;
  private final int id;
  private final PublicKey key;

  private NoteKey(String name, byte[] raw) {
    if (name.isEmpty() || name.chars().anyMatch(c -> Character.isWhitespace(c) || c == '+')) {
      throw new IllegalArgumentException(
          "\"" + name + "\" names no key: write a name without spaces and plus signs");
    }
    this.name = name;
    this.raw = raw;
    this.id = id(name, raw);
    this.key = publicKey(raw);
  }

  static NoteKey of(String name, PublicKey key) {
    byte[] encoded = key.getEncoded();
    return new NoteKey(
        name, Arrays.copyOfRange(encoded, encoded.length - KEY_SIZE, encoded.length));
  }

  /** Reads {@code NAME+ID+KEY}, the form in which verifier keys are handed out. */
  public static NoteKey parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("no verifier key: it looks like NAME+12345678+AbC…=");
    }
    byte[] data = Base64.getDecoder().decode(parts[2]);
    if (data.length != KEY_SIZE + 1 || data[0] != ED25519) {
      throw new IllegalArgumentException("the verifier key \"" + parts[0] + "\" is not Ed25519");
    }
    NoteKey key = new NoteKey(parts[0], Arrays.copyOfRange(data, 1, data.length));
    if (!HexFormat.of().toHexDigits(key.id).equals(parts[1])) {
      throw new IllegalArgumentException(
          "the id " + parts[1] + " does not belong to the verifier key \"" + parts[0] + "\"");
    }
    return key;
  }

  private static int id(String name, byte[] raw) {
    MessageDigest digest = Hash.sha256();
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    digest.update(ED25519);
    return ByteBuffer.wrap(digest.digest(raw)).getInt();
  }

  private static PublicKey publicKey(byte[] raw) {
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_SIZE);
    System.arraycopy(raw, 0, encoded, X509_PREFIX.length, KEY_SIZE);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }

  public String name() {
    return name;
  }

  int id() {
    return id;
  }

  boolean hasSigned(String text, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // Java says of a signature with impossible numbers in it that it cannot be checked.
      return false;
    }
  }

  /** {@code NAME+ID+KEY}. */
  @Override
  public String toString() {
    ByteBuffer data = ByteBuffer.allocate(KEY_SIZE + 1).put(ED25519).put(raw);
    return name
        + "+"
        + HexFormat.of().toHexDigits(id)
        + "+"
        + Base64.getEncoder().encodeToString(data.array());
  }
}
