package io.margay.kernel.route;

import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.MessageBuilder;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Writes and reads rtnetlink messages about routes and addresses: struct rtmsg and ifaddrmsg. */
final class RouteMessages {
  static final int NEW_ROUTE = 24;
  static final int DELETE_ROUTE = 25;
  private static final int GET_ROUTE = 26;
  private static final int NEW_ADDRESS = 20;
  private static final int DELETE_ADDRESS = 21;

  private static final int RTMSG_BYTES = 12;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_PREFSRC = 7;
  private static final int RTA_TABLE = 15;
  private static final int RTA_VIA = 18;
  private static final int RTNH_F_ONLINK = 4;
  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;
  private static final int SCOPE_HOST = 254;
  private static final int RT_TABLE_COMPAT = 252;
  private static final int RTM_F_CLONED = 0x200;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_F_NODAD = 2;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private RouteMessages() {}

  static MessageBuilder add(Route route, int flags) {
    return write(new MessageBuilder("RTM_NEWROUTE", NEW_ROUTE, flags), route);
  }

  static MessageBuilder delete(Route route) {
    return write(new MessageBuilder("RTM_DELROUTE", DELETE_ROUTE, 0), route);
  }

  static MessageBuilder all(int family) {
    return new MessageBuilder("RTM_GETROUTE", GET_ROUTE, 0).u8(family).u8(0).u16(0).u32(0).u32(0);
  }

  private static MessageBuilder write(MessageBuilder message, Route route) {
    boolean ipv4 = route.destination().isIpv4();
    InetAddress via = route.via();
    // Tables above 255 go into the attribute alone.
    int table = route.table() > 255 ? RT_TABLE_COMPAT : route.table();
    message
        .u8(ipv4 ? AF_INET : AF_INET6)
        .u8(route.destination().length())
        .u8(0)
        .u8(0)
        .u8(table)
        .u8(route.protocol())
        .u8(scope(route))
        .u8(route.type().number())
        .u32(route.onLink() ? RTNH_F_ONLINK : 0)
        .attribute(RTA_DST, route.destination().address())
        .attributeU32(RTA_TABLE, route.table());
    if (via != null && via instanceof Inet4Address == ipv4) {
      message.attribute(RTA_GATEWAY, via);
    } else if (via != null) {
      message.attribute(RTA_VIA, viaOfOtherFamily(via));
    }
    if (route.device() != 0) {
      message.attributeU32(RTA_OIF, route.device());
    }
    if (route.metric() != 0) {
      message.attributeU32(RTA_PRIORITY, route.metric());
    }
    InetAddress source = route.source();
    return source == null ? message : message.attribute(RTA_PREFSRC, source);
  }

  /** IPv6 has no scopes; an IPv4 route without next hop must say that it ends on the link. */
  private static int scope(Route route) {
    return switch (route.type()) {
      case LOCAL -> SCOPE_HOST;
      case UNICAST, BROADCAST, ANYCAST, MULTICAST ->
          route.destination().isIpv4() && route.via() == null ? SCOPE_LINK : SCOPE_UNIVERSE;
      case BLACKHOLE, UNREACHABLE, PROHIBIT -> SCOPE_UNIVERSE;
    };
  }

  private static byte[] viaOfOtherFamily(InetAddress via) {
    byte[] address = via.getAddress();
    return ByteBuffer.allocate(2 + address.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) (via instanceof Inet4Address ? AF_INET : AF_INET6))
        .put(address)
        .array();
  }

  /** Null for what is no route of a table: cloned cache entries and unknown types. */
  static @Nullable Route read(Message message) {
    ByteBuffer header = message.body();
    Route.Type type = Route.Type.of(Byte.toUnsignedInt(header.get(7)));
    int family = header.get(0);
    if (type == null
        || (header.getInt(8) & RTM_F_CLONED) != 0
        || (family != AF_INET && family != AF_INET6)) {
      return null;
    }
    Attributes attributes = message.attributes(RTMSG_BYTES);
    InetAddress destination = attributes.address(RTA_DST);
    IpPrefix any = family == AF_INET ? IpPrefix.allIpv4() : IpPrefix.allIpv6();
    return new Route(
        destination == null ? any : new IpPrefix(destination, Byte.toUnsignedInt(header.get(1))),
        type,
        attributes.address(RTA_GATEWAY),
        // IPv6 says lo for a route that leads nowhere, IPv4 says nothing.
        type.hasDevice() ? attributes.u32(RTA_OIF, 0) : 0,
        (header.getInt(8) & RTNH_F_ONLINK) != 0,
        attributes.u32(RTA_PRIORITY, 0),
        Byte.toUnsignedInt(header.get(5)),
        attributes.u32(RTA_TABLE, Byte.toUnsignedInt(header.get(4))),
        attributes.address(RTA_PREFSRC));
  }

  static MessageBuilder addAddress(int device, IpPrefix address, int flags) {
    return address(new MessageBuilder("RTM_NEWADDR", NEW_ADDRESS, flags), device, address);
  }

  static MessageBuilder deleteAddress(int device, IpPrefix address) {
    return address(new MessageBuilder("RTM_DELADDR", DELETE_ADDRESS, 0), device, address);
  }

  private static MessageBuilder address(MessageBuilder message, int device, IpPrefix address) {
    boolean ipv4 = address.isIpv4();
    return message
        .u8(ipv4 ? AF_INET : AF_INET6)
        .u8(address.length())
        // Without a search for duplicates an IPv6 address is usable at once.
        .u8(ipv4 ? 0 : IFA_F_NODAD)
        .u8(0)
        .u32(device)
        .attribute(IFA_LOCAL, address.address())
        .attribute(IFA_ADDRESS, address.address());
  }
}
