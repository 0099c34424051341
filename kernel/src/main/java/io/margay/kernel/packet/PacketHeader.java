package io.margay.kernel.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The addresses, protocol and ports of an IP packet.
 *
 * @param protocol the number of what the packet carries, behind IPv6's extension headers
 * @param sourcePort of TCP, UDP, UDP-Lite, DCCP and SCTP; 0 for all else and for later fragments
 * @param destinationPort as the source port
 * @param icmpType of ICMP and ICMPv6; -1 for all else
 * @param icmpCode as the type
 * @param length of the whole packet in bytes, as its header says
 * @param dscp the class of service, 0 to 63
 */
public record PacketHeader(
    InetAddress source,
    InetAddress destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int icmpType,
    int icmpCode,
    int length,
    int dscp) {
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;

  /** More extension headers than any sender uses: a bound against crafted packets. */
  private static final int MAX_EXTENSIONS = 16;

  /**
   * Reads a packet, or its first bytes.
   *
   * @return empty when the bytes hold no whole IP header
   */
  public static Optional<PacketHeader> parse(byte[] packet) {
    if (packet.length == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    return switch (packet[0] >> 4 & 0xf) {
      case 4 -> parseIpv4(bytes);
      case 6 -> parseIpv6(bytes);
      default -> Optional.empty();
    };
  }

  private static Optional<PacketHeader> parseIpv4(ByteBuffer bytes) {
    int headerBytes = (bytes.get(0) & 0xf) * 4;
    if (headerBytes < IPV4_HEADER_BYTES || bytes.limit() < headerBytes) {
      return Optional.empty();
    }
    boolean laterFragment = (bytes.getShort(6) & 0x1fff) != 0;
    return Optional.of(
        finish(
            bytes,
            address(bytes, 12, 4),
            address(bytes, 16, 4),
            Byte.toUnsignedInt(bytes.get(9)),
            laterFragment ? bytes.limit() : headerBytes,
            Short.toUnsignedInt(bytes.getShort(2)),
            Byte.toUnsignedInt(bytes.get(1)) >> 2));
  }

  private static Optional<PacketHeader> parseIpv6(ByteBuffer bytes) {
    if (bytes.limit() < IPV6_HEADER_BYTES) {
      return Optional.empty();
    }
    int protocol = Byte.toUnsignedInt(bytes.get(6));
    int at = IPV6_HEADER_BYTES;
    for (int i = 0; i < MAX_EXTENSIONS && isExtension(protocol) && at + 8 <= bytes.limit(); i++) {
      boolean laterFragment =
          protocol == IpProtocol.IPV6_FRAGMENT && (bytes.getShort(at + 2) & 0xfff8) != 0;
      int extensionBytes = extensionBytes(protocol, Byte.toUnsignedInt(bytes.get(at + 1)));
      protocol = Byte.toUnsignedInt(bytes.get(at));
      at = laterFragment ? bytes.limit() : at + extensionBytes;
    }
    return Optional.of(
        finish(
            bytes,
            address(bytes, 8, 16),
            address(bytes, 24, 16),
            protocol,
            at,
            IPV6_HEADER_BYTES + Short.toUnsignedInt(bytes.getShort(4)),
            Short.toUnsignedInt(bytes.getShort(0)) >> 6 & 0x3f));
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case IpProtocol.IPV6_HOP_BY_HOP,
          IpProtocol.IPV6_ROUTING,
          IpProtocol.IPV6_FRAGMENT,
          IpProtocol.AUTHENTICATION,
          IpProtocol.IPV6_DESTINATION ->
          true;
      default -> false;
    };
  }

  private static int extensionBytes(int protocol, int lengthField) {
    return switch (protocol) {
      case IpProtocol.IPV6_FRAGMENT -> 8;
      case IpProtocol.AUTHENTICATION -> (lengthField + 2) * 4;
      default -> (lengthField + 1) * 8;
    };
  }

  private static PacketHeader finish(
      ByteBuffer bytes,
      InetAddress source,
      InetAddress destination,
      int protocol,
      int payload,
      int length,
      int dscp) {
    boolean readable = payload + 4 <= bytes.limit();
    boolean ports = readable && IpProtocol.hasPorts(protocol);
    boolean icmp = readable && (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6);
    return new PacketHeader(
        source,
        destination,
        protocol,
        ports ? Short.toUnsignedInt(bytes.getShort(payload)) : 0,
        ports ? Short.toUnsignedInt(bytes.getShort(payload + 2)) : 0,
        icmp ? Byte.toUnsignedInt(bytes.get(payload)) : -1,
        icmp ? Byte.toUnsignedInt(bytes.get(payload + 1)) : -1,
        length,
        dscp);
  }

  private static InetAddress address(ByteBuffer bytes, int at, int length) {
    byte[] address = new byte[length];
    bytes.get(at, address);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + length + " bytes", e);
    }
  }
}
