package io.margay.model.net;

/** The two address families that a policy can judge. */
public enum IpFamily {
  IPV4(4, 32),
  IPV6(6, 128);

  private final int version;
  private final int bits;

  IpFamily(int version, int bits) {
    this.version = version;
    this.bits = bits;
  }

  /** The number in the first nibble of a packet: 4 or 6. */
  public int version() {
    return version;
  }

  /** The length of an address in bits, which is also the longest prefix. */
  public int bits() {
    return bits;
  }

  /**
   * The family with this version number.
   *
   * @throws IllegalArgumentException for anything but 4 and 6
   */
  public static IpFamily ofVersion(int version) {
    return switch (version) {
      case 4 -> IPV4;
      case 6 -> IPV6;
      default -> throw new IllegalArgumentException("IP version " + version + " is not 4 or 6");
    };
  }
}
