package io.margay.kernel.conntrack;

import io.margay.kernel.conntrack.TrackedConnection.Counters;
import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Flags;
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
  private static final int PROTOCOL_INFO = 4;
  private static final int TIMEOUT = 7;
  private static final int MARK = 8;
  private static final int COUNTERS_ORIGINAL = 9;
  private static final int COUNTERS_REPLY = 10;
  private static final int ID = 12;
  private static final int TRANSLATED_DESTINATION = 13;
  private static final int MARK_MASK = 21;
  private static final int FILTER = 25;
  private static final int FILTER_ORIGINAL = 1;
  private static final int FILTER_REPLY = 2;

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

  private static final int INFO_TCP = 1;
  private static final int TCP_STATE = 1;
  private static final int TCP_SCALE_ORIGINAL = 2;
  private static final int TCP_SCALE_REPLY = 3;
  private static final int TCP_FLAGS_ORIGINAL = 4;
  private static final int TCP_FLAGS_REPLY = 5;

  /** Packets outside of the window are no reason to drop them: the window is not known. */
  private static final int TCP_LIBERAL = 0x08;

  private static final int NAT_V4_LEAST = 1;
  private static final int NAT_V4_MOST = 2;
  private static final int NAT_PORTS = 3;
  private static final int NAT_V6_LEAST = 4;
  private static final int NAT_V6_MOST = 5;
  private static final int NAT_PORT_LEAST = 1;
  private static final int NAT_PORT_MOST = 2;

  /** It is in the table; the kernel wants to be told what it sets itself. */
  private static final int CONFIRMED = 1 << 3;

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

  /** Which address of which direction is asked for. */
  enum Place {
    ORIGINAL_SOURCE(TUPLE_ORIGINAL, true),
    ORIGINAL_DESTINATION(TUPLE_ORIGINAL, false),
    REPLY_SOURCE(TUPLE_REPLY, true),
    REPLY_DESTINATION(TUPLE_REPLY, false);

    private final int tuple;
    private final boolean source;

    Place(int tuple, boolean source) {
      this.tuple = tuple;
      this.source = source;
    }

    private int ipAttribute(boolean ipv4) {
      return source
          ? ipv4 ? IP_V4_SOURCE : IP_V6_SOURCE
          : ipv4 ? IP_V4_DESTINATION : IP_V6_DESTINATION;
    }

    /** The kernel's CTA_FILTER_F_CTA_IP_SRC and CTA_FILTER_F_CTA_IP_DST. */
    private int flag() {
      return source ? 1 : 2;
    }
  }

  /** All that have an address at a place; the kernel picks them, since 5.8. */
  static MessageBuilder with(InetAddress address, Place place) {
    boolean ipv4 = address instanceof Inet4Address;
    MessageBuilder message =
        NetfilterMessages.begin(
            "IPCTNL_MSG_CT_GET", NetfilterMessages.CONNTRACK, GET, 0, ipv4 ? AF_INET : AF_INET6, 0);
    return message
        .nested(
            place.tuple,
            () ->
                message.nested(TUPLE_IP, () -> message.attribute(place.ipAttribute(ipv4), address)))
        .nested(
            FILTER,
            () ->
                message
                    .attributeU32(FILTER_ORIGINAL, place.tuple == TUPLE_ORIGINAL ? place.flag() : 0)
                    .attributeU32(FILTER_REPLY, place.tuple == TUPLE_REPLY ? place.flag() : 0));
  }

  static MessageBuilder get(ConnectionTuple original) {
    return withTuple("IPCTNL_MSG_CT_GET", GET, original);
  }

  static MessageBuilder delete(ConnectionTuple original) {
    return withTuple("IPCTNL_MSG_CT_DELETE", DELETE, original);
  }

  private static MessageBuilder withTuple(String name, int type, ConnectionTuple tuple) {
    return withTuple(name, type, 0, TUPLE_ORIGINAL, tuple);
  }

  private static MessageBuilder withTuple(
      String name, int type, int flags, int attribute, ConnectionTuple tuple) {
    boolean ipv4 = tuple.source() instanceof Inet4Address;
    MessageBuilder message =
        NetfilterMessages.begin(
            name, NetfilterMessages.CONNTRACK, type, flags, ipv4 ? AF_INET : AF_INET6, 0);
    return addTuple(message, attribute, tuple);
  }

  private static MessageBuilder addTuple(
      MessageBuilder message, int attribute, ConnectionTuple tuple) {
    boolean ipv4 = tuple.source() instanceof Inet4Address;
    return message.nested(
        attribute,
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

  /** Makes an entry; refused with EEXIST where there is one. */
  static MessageBuilder insert(MovableConnection connection) {
    MessageBuilder message =
        withTuple(
            "IPCTNL_MSG_CT_NEW",
            NEW,
            Flags.CREATE | Flags.EXCLUSIVE,
            TUPLE_ORIGINAL,
            connection.original());
    // The kernel translates the reply itself, as the destination says.
    addTuple(message, TUPLE_REPLY, connection.plainReply());
    int status = connection.status() & (TrackedConnection.SEEN_REPLY | TrackedConnection.ASSURED);
    message
        .attributeU32BE(TIMEOUT, connection.timeoutSeconds())
        .attributeU32BE(STATUS, status | CONFIRMED)
        .attributeU32BE(MARK, connection.mark());
    if (connection.translatesDestination()) {
      writeDestination(message, connection.reply());
    }
    MovableConnection.Tcp tcp = connection.tcp();
    if (tcp != null) {
      message.nested(PROTOCOL_INFO, () -> message.nested(INFO_TCP, () -> writeTcp(message, tcp)));
    }
    return message;
  }

  private static void writeDestination(MessageBuilder message, ConnectionTuple reply) {
    boolean ipv4 = reply.source() instanceof Inet4Address;
    message.nested(
        TRANSLATED_DESTINATION,
        () ->
            message
                .attribute(ipv4 ? NAT_V4_LEAST : NAT_V6_LEAST, reply.source())
                .attribute(ipv4 ? NAT_V4_MOST : NAT_V6_MOST, reply.source())
                .nested(
                    NAT_PORTS,
                    () ->
                        message
                            .attributeU16BE(NAT_PORT_LEAST, reply.sourcePort())
                            .attributeU16BE(NAT_PORT_MOST, reply.sourcePort())));
  }

  private static void writeTcp(MessageBuilder message, MovableConnection.Tcp tcp) {
    message
        .attributeU8(TCP_STATE, tcp.state())
        .attributeU8(TCP_SCALE_ORIGINAL, tcp.originalScale())
        .attributeU8(TCP_SCALE_REPLY, tcp.replyScale())
        .attribute(TCP_FLAGS_ORIGINAL, flags(tcp.originalFlags()))
        .attribute(TCP_FLAGS_REPLY, flags(tcp.replyFlags()));
  }

  /** Flags, and which of them are meant. */
  private static byte[] flags(int flags) {
    byte liberal = (byte) (flags | TCP_LIBERAL);
    return new byte[] {liberal, liberal};
  }

  /** Null for a message without tuples. */
  static @Nullable MovableConnection readMovable(Message message) {
    TrackedConnection connection = read(message);
    if (connection == null) {
      return null;
    }
    Attributes attributes = message.attributes(NetfilterMessages.HEADER_BYTES);
    Attributes info = attributes.nested(PROTOCOL_INFO);
    return new MovableConnection(
        connection.original(),
        connection.reply(),
        connection.mark(),
        connection.status(),
        attributes.u32BE(TIMEOUT, 0),
        info.has(INFO_TCP) ? readTcp(info.nested(INFO_TCP)) : null);
  }

  private static MovableConnection.Tcp readTcp(Attributes tcp) {
    return new MovableConnection.Tcp(
        tcp.u8(TCP_STATE, 0),
        tcp.u8(TCP_SCALE_ORIGINAL, 0),
        tcp.u8(TCP_SCALE_REPLY, 0),
        tcp.u8(TCP_FLAGS_ORIGINAL, 0),
        tcp.u8(TCP_FLAGS_REPLY, 0));
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
