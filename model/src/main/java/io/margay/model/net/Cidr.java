package io.margay.model.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An address prefix. Host bits are always zero: the factories mask them, and {@link #parseStrict}
 * refuses them. Ordered by family, first address, then shorter prefixes first, so that a covering
 * prefix comes before what it covers.
 */
public record Cidr(IpAddress address, int prefixLength) implements Comparable<Cidr> {

  public Cidr {
    if (prefixLength < 0 || prefixLength > address.family().bits()) {
      throw new IllegalArgumentException(
          "a prefix of /" + prefixLength + " does not exist for " + address);
    }
    address = mask(address, prefixLength);
  }

  /** All addresses of a family: 0.0.0.0/0 or ::/0. */
  public static Cidr all(IpFamily family) {
    return new Cidr(new IpAddress(family, 0, 0), 0);
  }

  /**
   * Reads {@code address/length} or a bare address, masking host bits, as network sets do.
   *
   * @throws IllegalArgumentException with a message fit for a {@code Problem}
   */
  @JsonCreator
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash < 0) {
        return IpAddress.parse(text).toCidr();
      }
      String length = text.substring(slash + 1);
      if (length.isEmpty()
          || length.length() > 3
          || !length.chars().allMatch(c -> c >= '0' && c <= '9')
          || (length.length() > 1 && length.startsWith("0"))) {
        throw new IllegalArgumentException("bad prefix length");
      }
      return new Cidr(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a CIDR", e);
    }
  }

  /**
   * Reads {@code address/length} and refuses host bits, as rule {@code nets} do.
   *
   * @throws IllegalArgumentException with a message fit for a {@code Problem}
   */
  public static Cidr parseStrict(String text) {
    Cidr cidr = parse(text);
    String address = text.indexOf('/') < 0 ? text : text.substring(0, text.indexOf('/'));
    if (!IpAddress.parse(address).equals(cidr.address)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set behind its prefix, write " + cidr);
    }
    return cidr;
  }

  public IpFamily family() {
    return address.family();
  }

  public boolean contains(IpAddress other) {
    return other.family() == family() && mask(other, prefixLength).equals(address);
  }

  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.address);
  }

  /** Whether this is exactly one address. */
  public boolean isSingle() {
    return prefixLength == family().bits();
  }

  /** The last address of the prefix. */
  public IpAddress last() {
    int hostBits = family().bits() - prefixLength;
    return switch (family()) {
      case IPV4 -> IpAddress.v4((int) (address.low() | ones(hostBits)));
      case IPV6 ->
          IpAddress.v6(
              address.high() | ones(Math.max(0, hostBits - 64)),
              address.low() | ones(Math.min(64, hostBits)));
    };
  }

  private static long ones(int count) {
    return count == 64 ? -1L : (1L << count) - 1;
  }

  private static IpAddress mask(IpAddress address, int length) {
    int hostBits = address.family().bits() - length;
    if (hostBits == 0) {
      return address;
    }
    return switch (address.family()) {
      case IPV4 -> IpAddress.v4((int) (address.low() & ~ones(hostBits)));
      case IPV6 ->
          IpAddress.v6(
              address.high() & ~ones(Math.max(0, hostBits - 64)),
              address.low() & ~ones(Math.min(64, hostBits)));
    };
  }

  @Override
  public int compareTo(Cidr other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  @JsonValue
  public String toString() {
    return address + "/" + prefixLength;
  }
}
