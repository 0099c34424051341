package io.margay.model.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An IPv4 or IPv6 address. An IPv4 address keeps its 32 bits in {@code low}; an IPv4-mapped IPv6
 * address ({@code ::ffff:a.b.c.d}) is read as the IPv4 address that it stands for, as the kernel
 * does. Ordered by family, then numerically.
 *
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

  public IpAddress {
    if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
  }

  /** The IPv4 address with these 32 bits. */
  public static IpAddress v4(int bits) {
    return new IpAddress(IpFamily.IPV4, 0, bits & 0xffffffffL);
  }

  /** The IPv6 address with these bits. */
  public static IpAddress v6(long high, long low) {
    return new IpAddress(IpFamily.IPV6, high, low);
  }

  /**
   * Reads the usual text forms: dotted quad without leading zeros, and RFC 4291 for IPv6 (no zone).
   *
   * @throws IllegalArgumentException with a message fit for a {@code Problem}
   */
  @JsonCreator
  public static IpAddress parse(String text) {
    return IpText.parse(text);
  }

  /** The address whose network-order bytes these are: 4 or 16 of them. */
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> v4((int) word(bytes, 0, 4));
      case 16 -> v6(word(bytes, 0, 8), word(bytes, 8, 8));
      default -> throw new IllegalArgumentException("an address has 4 or 16 bytes");
    };
  }

  private static long word(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  /** The address in network byte order: 4 or 16 bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[family.bits() / 8];
    long word = low;
    for (int i = bytes.length - 1; i >= 0; i--) {
      bytes[i] = (byte) word;
      word = i == 8 ? high : word >>> 8;
    }
    return bytes;
  }

  /** The bit at this distance from the most significant one, 0-based: how a trie walks. */
  public boolean bit(int index) {
    return switch (family) {
      case IPV4 -> (low >>> (31 - index) & 1) != 0;
      case IPV6 -> ((index < 64 ? high >>> (63 - index) : low >>> (127 - index)) & 1) != 0;
    };
  }

  /** The address after this one, wrapping at the end of the family. */
  public IpAddress next() {
    return switch (family) {
      case IPV4 -> v4((int) (low + 1));
      case IPV6 -> v6(low == -1 ? high + 1 : high, low + 1);
    };
  }

  /** The address before this one, wrapping at the start of the family. */
  public IpAddress previous() {
    return switch (family) {
      case IPV4 -> v4((int) (low - 1));
      case IPV6 -> v6(low == 0 ? high - 1 : high, low - 1);
    };
  }

  /** The prefix that holds just this address. */
  public Cidr toCidr() {
    return new Cidr(this, family.bits());
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Canonical text, RFC 5952 for IPv6. */
  @Override
  @JsonValue
  public String toString() {
    return IpText.format(this);
  }
}
