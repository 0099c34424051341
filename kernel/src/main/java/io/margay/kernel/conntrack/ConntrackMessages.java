package io.margay.kernel.conntrack;

import io.margay.kernel.conntrack.TrackedConnection.Counters;
import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netlink.NetfilterMessages;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Writes and reads ctnetlink messages: CTA attributes behind struct nfgenmsg. */
final class ConntrackMessages {
  static final int NEW = 0;
  static final int GET = 1;
  static final int DELETE = 2;

  private static final int TUPLE_ORIGINAL = 1;
  private static final int TUPLE_REPLY = 2;
  private static final int STATUS = 3;
  private static final int MARK = 8;
  private static final int COUNTERS_ORIGINAL = 9;
  private static final int COUNTERS_REPLY = 10;
  private static final int ID = 12;
  private static final int MARK_MASK = 21;

  private static final int TUPLE_IP = 1;
  private static final int TUPLE_PROTOCOL = 2;
  private static final int IP_V4_SOURCE = 1;
  private static final int IP_V4_DESTINATION = 2;
  private static final int IP_V6_SOURCE = 3;
  private static final int IP_V6_DESTINATION = 4;
  private static final int PROTOCOL_NUMBER = 1;
  private static final int SOURCE_PORT = 2;
  private static final int DESTINATION_PORT = 3;

  /** ICMP's identifier; type and code follow it. ICMPv6 has the same three behind it. */
  private static final int ICMP_ID = 4;

  private static final int ICMPV6_ID = 7;

  private static final int COUNTER_PACKETS = 1;
  private static final int COUNTER_BYTES = 2;

  private static final int AF_UNSPEC = 0;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private ConntrackMessages() {}

  static MessageBuilder all() {
    return NetfilterMessages.begin(
        "IPCTNL_MSG_CT_GET", NetfilterMessages.CONNTRACK, GET, 0, AF_UNSPEC, 0);
  }

  /** All whose mark, under the mask, is this one. */
  static MessageBuilder marked(int mark, int mask) {
    return all().attributeU32BE(MARK, mark).attributeU32BE(MARK_MASK, mask);
  }

  static MessageBuilder get(ConnectionTuple original) {
    return withTuple("IPCTNL_MSG_CT_GET", GET, original);
  }

  static MessageBuilder delete(ConnectionTuple original) {
    return withTuple("IPCTNL_MSG_CT_DELETE", DELETE, original);
  }

  private static MessageBuilder withTuple(String name, int type, ConnectionTuple tuple) {
    boolean ipv4 = tuple.source() instanceof Inet4Address;
    MessageBuilder message =
        NetfilterMessages.begin(
            name, NetfilterMessages.CONNTRACK, type, 0, ipv4 ? AF_INET : AF_INET6, 0);
    return message.nested(
        TUPLE_ORIGINAL,
        () ->
            message
                .nested(
                    TUPLE_IP,
                    () ->
                        message
                            .attribute(ipv4 ? IP_V4_SOURCE : IP_V6_SOURCE, tuple.source())
                            .attribute(
                                ipv4 ? IP_V4_DESTINATION : IP_V6_DESTINATION, tuple.destination()))
                .nested(TUPLE_PROTOCOL, () -> writeProtocol(message, tuple)));
  }

  private static void writeProtocol(MessageBuilder message, ConnectionTuple tuple) {
    message.attributeU8(PROTOCOL_NUMBER, tuple.protocol());
    if (tuple.isIcmp()) {
      int id = tuple.protocol() == ConnectionTuple.ICMP ? ICMP_ID : ICMPV6_ID;
      message
          .attributeU16BE(id, tuple.sourcePort())
          .attributeU8(id + 1, tuple.icmpType())
          .attributeU8(id + 2, tuple.icmpCode());
    } else {
      message
          .attributeU16BE(SOURCE_PORT, tuple.sourcePort())
          .attributeU16BE(DESTINATION_PORT, tuple.destinationPort());
    }
  }

  /** Null for a message without tuples. */
  static @Nullable TrackedConnection read(Message message) {
    Attributes attributes = message.attributes(NetfilterMessages.HEADER_BYTES);
    ConnectionTuple original = readTuple(attributes.nested(TUPLE_ORIGINAL));
    ConnectionTuple reply = readTuple(attributes.nested(TUPLE_REPLY));
    if (original == null || reply == null) {
      return null;
    }
    return new TrackedConnection(
        attributes.u32BE(ID, 0),
        original,
        reply,
        attributes.u32BE(MARK, 0),
        attributes.u32BE(STATUS, 0),
        readCounters(attributes, COUNTERS_ORIGINAL),
        readCounters(attributes, COUNTERS_REPLY));
  }

  private static @Nullable ConnectionTuple readTuple(Attributes tuple) {
    Attributes ip = tuple.nested(TUPLE_IP);
    Attributes protocol = tuple.nested(TUPLE_PROTOCOL);
    boolean ipv4 = ip.has(IP_V4_SOURCE);
    InetAddress source = ip.address(ipv4 ? IP_V4_SOURCE : IP_V6_SOURCE);
    InetAddress destination = ip.address(ipv4 ? IP_V4_DESTINATION : IP_V6_DESTINATION);
    if (source == null || destination == null) {
      return null;
    }
    int number = protocol.u8(PROTOCOL_NUMBER, 0);
    int icmpId = number == ConnectionTuple.ICMP ? ICMP_ID : ICMPV6_ID;
    boolean icmp = protocol.has(icmpId);
    return new ConnectionTuple(
        source,
        destination,
        number,
        protocol.u16BE(icmp ? icmpId : SOURCE_PORT, 0),
        icmp
            ? protocol.u8(icmpId + 1, 0) << 8 | protocol.u8(icmpId + 2, 0)
            : protocol.u16BE(DESTINATION_PORT, 0));
  }

  private static @Nullable Counters readCounters(Attributes attributes, int type) {
    if (!attributes.has(type)) {
      return null;
    }
    Attributes counters = attributes.nested(type);
    return new Counters(counters.u64BE(COUNTER_PACKETS, 0), counters.u64BE(COUNTER_BYTES, 0));
  }
}
