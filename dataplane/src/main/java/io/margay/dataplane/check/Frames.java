package io.margay.dataplane.check;

import io.margay.dataplane.events.Packets;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.IpProtocol;
import io.margay.kernel.packet.PacketHeader;
import io.margay.kernel.route.MacAddress;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Packets as bytes, and what bytes that come back say about packets. */
final class Frames {
  private static final int ETHERNET_BYTES = 14;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final byte[] PAYLOAD = {'m', 'a', 'r', 'g', 'a', 'y'};
  private static final int ECHO_REPLY = 0;
  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REQUEST_V6 = 128;
  private static final int ECHO_REPLY_V6 = 129;

  /** Each ICMP packet is a connection of its own, however often the same is asked. */
  private final AtomicInteger identifiers = new AtomicInteger(1);

  /** The packet that a probe is about, with its IP header. */
  byte[] ip(Packet packet) {
    InetAddress source = inet(packet.source());
    InetAddress destination = inet(packet.destination());
    int number = packet.protocol().number();
    return switch (number) {
      case IpProtocol.TCP ->
          CraftedPacket.tcpSyn(source, packet.sourcePort(), destination, packet.destinationPort());
      case IpProtocol.UDP ->
          CraftedPacket.udp(
              source, packet.sourcePort(), destination, packet.destinationPort(), PAYLOAD);
      case IpProtocol.SCTP ->
          CraftedPacket.sctpInit(
              source, packet.sourcePort(), destination, packet.destinationPort());
      case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
          CraftedPacket.icmp(
              source,
              destination,
              packet.destinationPort() >> 8,
              packet.destinationPort() & 0xff,
              identifiers.getAndIncrement() << 16 | 1);
      default -> CraftedPacket.ip(source, destination, number, PAYLOAD);
    };
  }

  /** An IP packet as an Ethernet frame. */
  static byte[] ethernet(MacAddress to, MacAddress from, byte[] packet) {
    boolean version4 = packet[0] >> 4 == 4;
    return ByteBuffer.allocate(ETHERNET_BYTES + packet.length)
        .put(to.bytes())
        .put(from.bytes())
        .putShort((short) (version4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6))
        .put(packet)
        .array();
  }

  static MacAddress receiver(byte[] frame) {
    return MacAddress.of(Arrays.copyOf(frame, 6));
  }

  /** The packet in a frame. */
  static Optional<Packet> packet(byte[] frame) {
    return packet(frame, ETHERNET_BYTES);
  }

  private static Optional<Packet> packet(byte[] bytes, int at) {
    return bytes.length <= at
        ? Optional.empty()
        : PacketHeader.parse(Arrays.copyOfRange(bytes, at, bytes.length)).map(Packets::of);
  }

  /** The packet to which the one in a frame is an answer: a reply, or an error that quotes it. */
  static Optional<Packet> answered(byte[] frame) {
    Optional<Packet> answer = packet(frame);
    if (answer.isEmpty()) {
      return answer;
    }
    Packet reply = answer.get();
    if (!reply.protocol().isIcmp()) {
      return Optional.of(
          new Packet(
              reply.destination(),
              reply.source(),
              reply.protocol(),
              reply.destinationPort(),
              reply.sourcePort()));
    }
    int type = reply.destinationPort() >> 8;
    boolean version4 = reply.protocol().equals(Protocol.ICMP);
    if (type == (version4 ? ECHO_REPLY : ECHO_REPLY_V6)) {
      int request = version4 ? ECHO_REQUEST : ECHO_REQUEST_V6;
      return Optional.of(Packet.icmp(reply.destination(), reply.source(), request, 0));
    }
    // An error: eight bytes of ICMP, then the packet that it is about.
    return packet(frame, ETHERNET_BYTES + (version4 ? 20 : 40) + 8);
  }

  static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("addresses have 4 or 16 bytes", e);
    }
  }
}
