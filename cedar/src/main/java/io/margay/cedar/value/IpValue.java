package io.margay.cedar.value;

import java.util.Optional;

/**
 * An IP address with a prefix length; bits behind the prefix are kept and count in {@code ==}. Both
 * halves hold the 128 bits of the address; an IPv4 address stands in the low 32.
 *
 * @param prefix 0 to 32, or 0 to 128 for IPv6
 */
public record IpValue(boolean v6, long high, long low, int prefix) implements ExtensionValue {

  /**
   * The address or range that a text says: {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code ffee::/64}.
   * Empty when it says none. IPv6 with IPv4 inside is none.
   */
  public static Optional<IpValue> parse(String text) {
    return IpText.parse(text);
  }

  public boolean isLoopback() {
    return v6 ? high == 0 && low == 1 && prefix == 128 : low >>> 24 == 127 && prefix >= 8;
  }

  public boolean isMulticast() {
    return v6 ? high >>> 56 == 0xff && prefix >= 8 : low >>> 28 == 0xe && prefix >= 4;
  }

  /** Whether all addresses of this range are in the other; false across families. */
  public boolean isInRange(IpValue range) {
    if (v6 != range.v6 || prefix < range.prefix) {
      return false;
    }
    // A range that is no longer than the other is inside it when the other's prefix bits agree.
    if (!v6) {
      long mask = range.prefix == 0 ? 0 : -1L << (32 - range.prefix);
      return ((low ^ range.low) & mask & 0xffff_ffffL) == 0;
    }
    long highMask = range.prefix == 0 ? 0 : -1L << (64 - Math.min(range.prefix, 64));
    long lowMask = range.prefix <= 64 ? 0 : -1L << (128 - range.prefix);
    return ((high ^ range.high) & highMask) == 0 && ((low ^ range.low) & lowMask) == 0;
  }

  @Override
  public String typeName() {
    return "ipaddr";
  }

  @Override
  public String constructor() {
    return "ip";
  }

  @Override
  public String argument() {
    return IpText.address(this) + "/" + prefix;
  }

  @Override
  public String toString() {
    return "ip(\"" + argument() + "\")";
  }
}
