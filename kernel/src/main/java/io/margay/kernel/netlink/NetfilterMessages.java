package io.margay.kernel.netlink;

/** What all subsystems behind the netfilter family share: message numbers and struct nfgenmsg. */
public final class NetfilterMessages {
  public static final int CONNTRACK = 1;
  public static final int LOG = 4;

  /** Bytes of struct nfgenmsg: family, version, resource in network order. */
  public static final int HEADER_BYTES = 4;

  private NetfilterMessages() {}

  /** The type of a message of a subsystem. */
  public static int type(int subsystem, int message) {
    return subsystem << 8 | message;
  }

  /**
   * Begins a message.
   *
   * @param resource what the subsystem uses it for, such as the group of NFLOG
   */
  public static MessageBuilder begin(
      String name, int subsystem, int message, int flags, int family, int resource) {
    return new MessageBuilder(name, type(subsystem, message), flags)
        .u8(family)
        .u8(0)
        .u8(resource >> 8)
        .u8(resource);
  }
}
