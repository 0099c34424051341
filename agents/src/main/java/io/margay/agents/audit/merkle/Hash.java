package io.margay.agents.audit.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A SHA-256 value. */
public final class Hash {
  /** Bytes of a hash. */
  public static final int SIZE = 32;

  /** The root of a tree without leaves: the hash of nothing. */
  public static final Hash EMPTY = of(new byte[0]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The plain SHA-256 of some bytes, as {@code sha256sum} prints it. */
  public static Hash of(byte[] data) {
    return new Hash(sha256().digest(data));
  }

  /** The hash of a leaf: RFC 6962 puts a zero byte before its data. */
  public static Hash ofLeaf(byte[] data) {
    MessageDigest digest = sha256();
    digest.update((byte) 0);
    return new Hash(digest.digest(data));
  }

  /** The hash of a node: RFC 6962 puts a byte of value one before its two children. */
  public static Hash ofNode(Hash left, Hash right) {
    MessageDigest digest = sha256();
    digest.update((byte) 1);
    digest.update(left.bytes);
    return new Hash(digest.digest(right.bytes));
  }

  /** A hash that is part of something larger. */
  public static Hash at(byte[] data, int offset) {
    if (data.length - offset < SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes");
    }
    return new Hash(Arrays.copyOfRange(data, offset, offset + SIZE));
  }

  /** A hash as the other formats of this package write it. */
  public static Hash ofBase64(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, \"" + text + "\" has not");
    }
    return new Hash(bytes);
  }

  /** SHA-256, which every Java has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
