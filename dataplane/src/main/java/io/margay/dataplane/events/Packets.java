package io.margay.dataplane.events;

import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.TrackedConnection;
import io.margay.kernel.packet.PacketHeader;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** From the kernel's words for packets to the model's. */
public final class Packets {
  private Packets() {}

  /** What a policy can know of a packet. */
  public static Packet of(PacketHeader header) {
    Protocol protocol = new Protocol(Math.max(1, header.protocol()));
    return protocol.isIcmp()
        ? new Packet(
            address(header.source()),
            address(header.destination()),
            protocol,
            0,
            header.icmpType() < 0 ? 0 : header.icmpType() << 8 | header.icmpCode())
        : new Packet(
            address(header.source()),
            address(header.destination()),
            protocol,
            header.sourcePort(),
            header.destinationPort());
  }

  /** The first packet of a connection as it was judged: to where the answers come from. */
  static Packet of(TrackedConnection connection) {
    ConnectionTuple sent = connection.original();
    ConnectionTuple answered = connection.reply();
    return new Packet(
        address(sent.source()),
        address(answered.source()),
        new Protocol(Math.max(1, sent.protocol())),
        sent.isIcmp() ? 0 : sent.sourcePort(),
        sent.isIcmp() ? sent.destinationPort() : answered.sourcePort());
  }

  /** What the answers to a packet look like; the kernel finds a connection by either direction. */
  static ConnectionTuple answer(Packet packet) {
    return new ConnectionTuple(
        address(packet.destination()),
        address(packet.source()),
        packet.protocol().number(),
        packet.destinationPort(),
        packet.sourcePort());
  }

  /** Where the client thought it was going; null when that is where it goes. */
  static @Nullable ServiceAddress service(TrackedConnection connection) {
    ConnectionTuple sent = connection.original();
    ConnectionTuple answered = connection.reply();
    boolean translated =
        !sent.destination().equals(answered.source())
            || sent.destinationPort() != answered.sourcePort();
    return translated
        ? new ServiceAddress(address(sent.destination()), sent.destinationPort())
        : null;
  }

  private static InetAddress address(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("addresses have 4 or 16 bytes", e);
    }
  }

  private static IpAddress address(InetAddress address) {
    return IpAddress.ofBytes(address.getAddress());
  }
}
