package io.margay.kernel.route;

import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.MessageBuilder;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Writes and reads rtnetlink messages about neighbours: struct ndmsg and NDA attributes. */
final class NeighbourMessages {
  private static final int NEW = 28;
  private static final int DELETE = 29;
  private static final int GET = 30;
  private static final int NDMSG_BYTES = 12;
  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;
  private static final int AF_BRIDGE = 7;
  private static final int NUD_NONE = 0;
  private static final int NUD_PERMANENT = 0x80;
  private static final int NTF_SELF = 0x02;
  private static final int NTF_PROXY = 0x08;

  private NeighbourMessages() {}

  static MessageBuilder add(Neighbour neighbour, int flags) {
    return write(new MessageBuilder("RTM_NEWNEIGH", NEW, flags), neighbour);
  }

  static MessageBuilder delete(Neighbour neighbour) {
    return write(new MessageBuilder("RTM_DELNEIGH", DELETE, 0), neighbour);
  }

  static MessageBuilder all() {
    return header(new MessageBuilder("RTM_GETNEIGH", GET, 0), 0, 0, 0, 0);
  }

  static MessageBuilder allForwarding() {
    return header(new MessageBuilder("RTM_GETNEIGH", GET, 0), AF_BRIDGE, 0, 0, 0);
  }

  private static MessageBuilder write(MessageBuilder message, Neighbour neighbour) {
    return switch (neighbour) {
      case Neighbour.Permanent(int device, InetAddress address, MacAddress mac) ->
          header(message, family(address), device, NUD_PERMANENT, 0)
              .attribute(NDA_DST, address)
              .attribute(NDA_LLADDR, mac.bytes());
      case Neighbour.Proxy(int device, InetAddress address) ->
          header(message, family(address), device, NUD_NONE, NTF_PROXY).attribute(NDA_DST, address);
      case Neighbour.Forwarding(int device, MacAddress mac, InetAddress remote) ->
          header(message, AF_BRIDGE, device, NUD_PERMANENT, NTF_SELF)
              .attribute(NDA_DST, remote)
              .attribute(NDA_LLADDR, mac.bytes());
    };
  }

  private static MessageBuilder header(
      MessageBuilder message, int family, int device, int state, int flags) {
    return message.u8(family).u8(0).u16(0).u32(device).u16(state).u8(flags).u8(0);
  }

  private static int family(InetAddress address) {
    return address instanceof Inet4Address ? RouteMessages.AF_INET : RouteMessages.AF_INET6;
  }

  static @Nullable NeighbourEntry read(Message message) {
    Attributes attributes = message.attributes(NDMSG_BYTES);
    InetAddress address = attributes.address(NDA_DST);
    return address == null
        ? null
        : new NeighbourEntry(
            message.body().getInt(4),
            address,
            LinkMessages.mac(attributes.bytes(NDA_LLADDR)),
            (message.body().getShort(8) & NUD_PERMANENT) != 0);
  }

  /** Null for entries of bridges and of multicast, which name no far end. */
  static Neighbour.@Nullable Forwarding readForwarding(Message message) {
    Attributes attributes = message.attributes(NDMSG_BYTES);
    InetAddress remote = attributes.address(NDA_DST);
    MacAddress mac = LinkMessages.mac(attributes.bytes(NDA_LLADDR));
    return remote == null || mac == null
        ? null
        : new Neighbour.Forwarding(message.body().getInt(4), mac, remote);
  }
}
