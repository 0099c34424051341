package io.margay.kernel.packet;

/** Protocol numbers of IP that this module reads or writes. */
public final class IpProtocol {
  public static final int IPV6_HOP_BY_HOP = 0;
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int DCCP = 33;
  public static final int IPV6_ROUTING = 43;
  public static final int IPV6_FRAGMENT = 44;
  public static final int AUTHENTICATION = 51;
  public static final int ICMPV6 = 58;
  public static final int IPV6_DESTINATION = 60;
  public static final int SCTP = 132;
  public static final int UDP_LITE = 136;

  private IpProtocol() {}

  /** Whether the first four bytes of its header are a source and a destination port. */
  public static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case TCP, UDP, DCCP, SCTP, UDP_LITE -> true;
      default -> false;
    };
  }
}
