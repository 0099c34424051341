package io.margay.kernel.route;

import io.margay.kernel.netlink.Attributes;
import io.margay.kernel.netlink.Flags;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.MessageBuilder;
import io.margay.kernel.netns.NetworkNamespace;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Writes and reads rtnetlink messages about links: struct ifinfomsg and IFLA attributes. */
final class LinkMessages {
  static final int NEW = 16;
  static final int DELETE = 17;
  private static final int GET = 18;

  private static final int IFINFOMSG_BYTES = 16;
  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_QDISC = 6;
  private static final int IFLA_STATS64 = 23;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFLA_VXLAN_ID = 1;
  private static final int IFLA_VXLAN_LOCAL = 4;
  private static final int IFLA_VXLAN_LEARNING = 7;
  private static final int IFLA_VXLAN_PORT = 15;
  private static final int IFLA_VXLAN_LOCAL6 = 17;

  /** The queue of an interface that drops all that is to leave by it. */
  private static final String NO_QUEUE_YET = "noop";

  private static final int IFF_UP = 0x1;
  private static final int IFF_LOWER_UP = 0x1_0000;

  private LinkMessages() {}

  static MessageBuilder create(LinkSpec spec) {
    MessageBuilder message = creation().attribute(IFLA_IFNAME, spec.name());
    message.nested(
        IFLA_LINKINFO,
        () -> {
          switch (spec) {
            case LinkSpec.Bridge _ -> message.attribute(IFLA_INFO_KIND, "bridge");
            case LinkSpec.Vxlan vxlan -> {
              message.attribute(IFLA_INFO_KIND, "vxlan");
              message.nested(IFLA_INFO_DATA, () -> describe(message, vxlan));
            }
          }
        });
    return message;
  }

  private static void describe(MessageBuilder message, LinkSpec.Vxlan vxlan) {
    InetAddress local = vxlan.local();
    if (local != null) {
      message.attribute(
          local instanceof Inet4Address ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, local);
    }
    message
        .attributeU32(IFLA_VXLAN_ID, vxlan.id())
        .attributeU8(IFLA_VXLAN_LEARNING, vxlan.learning() ? 1 : 0)
        .attributeU16BE(IFLA_VXLAN_PORT, vxlan.port());
  }

  static MessageBuilder createVeth(String name, String peerName, NetworkNamespace peerNamespace) {
    MessageBuilder message = creation().attribute(IFLA_IFNAME, name);
    return message.nested(
        IFLA_LINKINFO,
        () ->
            message
                .attribute(IFLA_INFO_KIND, "veth")
                .nested(
                    IFLA_INFO_DATA,
                    () ->
                        message.nested(
                            VETH_INFO_PEER,
                            () ->
                                header(message, 0, 0, 0)
                                    .attribute(IFLA_IFNAME, peerName)
                                    .attributeU32(IFLA_NET_NS_FD, peerNamespace.fd().number()))));
  }

  private static MessageBuilder creation() {
    return header(new MessageBuilder("RTM_NEWLINK", NEW, Flags.CREATE | Flags.EXCLUSIVE), 0, 0, 0);
  }

  static MessageBuilder switched(int index, boolean up) {
    return header(new MessageBuilder("RTM_NEWLINK", NEW, 0), index, up ? IFF_UP : 0, IFF_UP);
  }

  static MessageBuilder renamed(int index, String name) {
    return change(index).attribute(IFLA_IFNAME, name);
  }

  static MessageBuilder withMtu(int index, int mtu) {
    return change(index).attributeU32(IFLA_MTU, mtu);
  }

  static MessageBuilder withMac(int index, MacAddress mac) {
    return change(index).attribute(IFLA_ADDRESS, mac.bytes());
  }

  static MessageBuilder withMaster(int index, int master) {
    return change(index).attributeU32(IFLA_MASTER, master);
  }

  static MessageBuilder movedTo(int index, NetworkNamespace namespace) {
    return change(index).attributeU32(IFLA_NET_NS_FD, namespace.fd().number());
  }

  static MessageBuilder deleted(int index) {
    return header(new MessageBuilder("RTM_DELLINK", DELETE, 0), index, 0, 0);
  }

  static MessageBuilder named(String name) {
    return header(new MessageBuilder("RTM_GETLINK", GET, 0), 0, 0, 0).attribute(IFLA_IFNAME, name);
  }

  static MessageBuilder indexed(int index) {
    return header(new MessageBuilder("RTM_GETLINK", GET, 0), index, 0, 0);
  }

  static MessageBuilder all() {
    return header(new MessageBuilder("RTM_GETLINK", GET, 0), 0, 0, 0);
  }

  private static MessageBuilder change(int index) {
    return header(new MessageBuilder("RTM_NEWLINK", NEW, 0), index, 0, 0);
  }

  private static MessageBuilder header(
      MessageBuilder message, int index, int flags, int changeMask) {
    return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(changeMask);
  }

  static Link read(Message message) {
    Attributes attributes = message.attributes(IFINFOMSG_BYTES);
    int flags = message.body().getInt(8);
    return new Link(
        message.body().getInt(4),
        orEmpty(attributes.string(IFLA_IFNAME)),
        orEmpty(attributes.nested(IFLA_LINKINFO).string(IFLA_INFO_KIND)),
        attributes.u32(IFLA_MTU, 0),
        mac(attributes.bytes(IFLA_ADDRESS)),
        attributes.u32(IFLA_MASTER, 0),
        attributes.u32(IFLA_LINK, 0),
        (flags & IFF_UP) != 0,
        (flags & IFF_LOWER_UP) != 0 && !NO_QUEUE_YET.equals(attributes.string(IFLA_QDISC)));
  }

  /** The kernel's counters begin with those of packets. */
  static LinkTraffic readTraffic(Message message) {
    byte[] counters = message.attributes(IFINFOMSG_BYTES).bytes(IFLA_STATS64);
    if (counters == null) {
      throw new IllegalStateException("an interface without counters");
    }
    ByteBuffer numbers = ByteBuffer.wrap(counters).order(ByteOrder.nativeOrder());
    return new LinkTraffic(numbers.getLong(0), numbers.getLong(Long.BYTES));
  }

  /** How a VXLAN interface was made. */
  static LinkSpec.Vxlan readVxlan(Message message) {
    Attributes attributes = message.attributes(IFINFOMSG_BYTES);
    Attributes data = attributes.nested(IFLA_LINKINFO).nested(IFLA_INFO_DATA);
    InetAddress local = data.address(IFLA_VXLAN_LOCAL);
    return new LinkSpec.Vxlan(
        orEmpty(attributes.string(IFLA_IFNAME)),
        data.u32(IFLA_VXLAN_ID, 0),
        data.u16BE(IFLA_VXLAN_PORT, 0),
        local == null ? data.address(IFLA_VXLAN_LOCAL6) : local,
        data.u8(IFLA_VXLAN_LEARNING, 0) != 0);
  }

  /** Some kinds of interface have no hardware address, or a longer one. */
  static @Nullable MacAddress mac(byte @Nullable [] bytes) {
    return bytes == null || bytes.length != 6 ? null : MacAddress.of(bytes);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
