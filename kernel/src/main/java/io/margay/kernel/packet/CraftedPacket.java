package io.margay.kernel.packet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * IP packets made by hand, with valid checksums: for protocols without sockets in this kernel, and
 * for packets that no socket would send. Source and destination must be of one family.
 */
public final class CraftedPacket {
  private static final int HOP_LIMIT = 64;
  private static final int TCP_SYN = 0x02;

  private CraftedPacket() {}

  /** The first packet of an SCTP association. */
  public static byte[] sctpInit(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    int initiateTag = 0x4d41_5247;
    ByteBuffer sctp = ByteBuffer.allocate(32);
    sctp.putShort((short) sourcePort).putShort((short) destinationPort);
    sctp.putInt(0).putInt(0); // verification tag (none yet), checksum (below)
    sctp.put((byte) 1).put((byte) 0).putShort((short) 20); // chunk INIT
    sctp.putInt(initiateTag).putInt(64 * 1024); // our tag, receiver window
    sctp.putShort((short) 1).putShort((short) 1); // streams out, in
    sctp.putInt(1); // initial TSN
    CRC32C checksum = new CRC32C();
    checksum.update(sctp.array());
    sctp.order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) checksum.getValue());
    return ip(source, destination, IpProtocol.SCTP, sctp.array());
  }

  /** The first packet of a TCP connection. */
  public static byte[] tcpSyn(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    ByteBuffer tcp = ByteBuffer.allocate(20);
    tcp.putShort((short) sourcePort).putShort((short) destinationPort);
    tcp.putInt(1).putInt(0); // sequence, acknowledgement
    tcp.put((byte) (5 << 4)).put((byte) TCP_SYN).putShort((short) 0x7fff);
    return withChecksum(source, destination, IpProtocol.TCP, tcp, 16);
  }

  /** A UDP packet. */
  public static byte[] udp(
      InetAddress source,
      int sourcePort,
      InetAddress destination,
      int destinationPort,
      byte[] payload) {
    ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
    udp.putShort((short) sourcePort).putShort((short) destinationPort);
    udp.putShort((short) udp.capacity()).putShort((short) 0).put(payload);
    return withChecksum(source, destination, IpProtocol.UDP, udp, 6);
  }

  /** An echo request, ICMP or ICMPv6 by the addresses' family. */
  public static byte[] echoRequest(
      InetAddress source, InetAddress destination, int identifier, int sequence) {
    boolean ipv4 = source instanceof Inet4Address;
    return icmp(source, destination, ipv4 ? 8 : 128, 0, identifier << 16 | sequence & 0xffff);
  }

  /**
   * An ICMP or ICMPv6 packet of any type, by the addresses' family.
   *
   * @param rest the four bytes behind the checksum, whose meaning depends on the type
   */
  public static byte[] icmp(
      InetAddress source, InetAddress destination, int type, int code, int rest) {
    ByteBuffer icmp = ByteBuffer.allocate(16);
    icmp.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest);
    if (source instanceof Inet4Address) {
      icmp.putShort(2, checksum(icmp.array()));
      return ip(source, destination, IpProtocol.ICMP, icmp.array());
    }
    return withChecksum(source, destination, IpProtocol.ICMPV6, icmp, 2);
  }

  /** A packet of any protocol. */
  public static byte[] ip(
      InetAddress source, InetAddress destination, int protocol, byte[] payload) {
    if (source instanceof Inet4Address != destination instanceof Inet4Address) {
      throw new IllegalArgumentException(
          source.getHostAddress() + " and " + destination.getHostAddress() + " differ in family");
    }
    return source instanceof Inet4Address
        ? ipv4(source, destination, protocol, payload)
        : ipv6(source, destination, protocol, payload);
  }

  private static byte[] ipv4(
      InetAddress source, InetAddress destination, int protocol, byte[] payload) {
    ByteBuffer header = ByteBuffer.allocate(20);
    header.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length));
    header.putShort((short) 0).putShort((short) 0x4000); // identifier, do not fragment
    header.put((byte) HOP_LIMIT).put((byte) protocol).putShort((short) 0);
    header.put(source.getAddress()).put(destination.getAddress());
    header.putShort(10, checksum(header.array()));
    return ByteBuffer.allocate(20 + payload.length).put(header.array()).put(payload).array();
  }

  private static byte[] ipv6(
      InetAddress source, InetAddress destination, int protocol, byte[] payload) {
    return ByteBuffer.allocate(40 + payload.length)
        .putInt(0x6000_0000)
        .putShort((short) payload.length)
        .put((byte) protocol)
        .put((byte) HOP_LIMIT)
        .put(source.getAddress())
        .put(destination.getAddress())
        .put(payload)
        .array();
  }

  /** TCP, UDP and ICMPv6 sum the addresses too, in a header that is not sent. */
  private static byte[] withChecksum(
      InetAddress source,
      InetAddress destination,
      int protocol,
      ByteBuffer segment,
      int checksumAt) {
    byte[] addresses = source.getAddress();
    ByteBuffer summed = ByteBuffer.allocate(2 * addresses.length + 8 + segment.capacity());
    summed.put(addresses).put(destination.getAddress());
    summed.putInt(segment.capacity()).putInt(protocol).put(segment.array());
    short checksum = checksum(summed.array());
    // UDP reads zero as "no checksum"; all ones is the same sum.
    segment.putShort(checksumAt, checksum == 0 && protocol == IpProtocol.UDP ? -1 : checksum);
    return ip(source, destination, protocol, segment.array());
  }

  /** The Internet checksum: the complement of the sum of 16-bit words with end-around carry. */
  private static short checksum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      int b = Byte.toUnsignedInt(bytes[i]);
      sum += i % 2 == 0 ? b << 8 : b;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }
}
