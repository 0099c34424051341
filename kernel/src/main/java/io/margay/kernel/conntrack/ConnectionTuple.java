package io.margay.kernel.conntrack;

import java.net.InetAddress;

/**
 * One direction of a connection.
 *
 * @param protocol the IP protocol's number
 * @param sourcePort of TCP, UDP and SCTP; for ICMP its identifier
 * @param destinationPort of TCP, UDP and SCTP; for ICMP {@code type << 8 | code}
 */
public record ConnectionTuple(
    InetAddress source,
    InetAddress destination,
    int protocol,
    int sourcePort,
    int destinationPort) {
  static final int ICMP = 1;
  static final int ICMPV6 = 58;

  /** Whether the ports are ICMP's identifier, type and code. */
  public boolean isIcmp() {
    return protocol == ICMP || protocol == ICMPV6;
  }

  /** The type, of ICMP. */
  public int icmpType() {
    return destinationPort >> 8;
  }

  /** The code, of ICMP. */
  public int icmpCode() {
    return destinationPort & 0xff;
  }
}
