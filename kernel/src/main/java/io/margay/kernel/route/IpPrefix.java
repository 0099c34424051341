package io.margay.kernel.route;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * An address with the number of its leading bits that name a network. Bits behind them are kept: an
 * interface's address is written this way too.
 */
public record IpPrefix(InetAddress address, int length) {
  public IpPrefix {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          address.getHostAddress() + "/" + length + ": the length must be 0 to " + bits);
    }
  }

  /** Reads {@code 10.0.0.0/8}, or an address alone for that single address. Never asks DNS. */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    return slash < 0
        ? single(address)
        : new IpPrefix(address, Integer.parseInt(text.substring(slash + 1)));
  }

  /** The prefix that holds one address. */
  public static IpPrefix single(InetAddress address) {
    return new IpPrefix(address, address.getAddress().length * 8);
  }

  /** The prefix of all IPv4 addresses. */
  public static IpPrefix allIpv4() {
    return parse("0.0.0.0/0");
  }

  /** The prefix of all IPv6 addresses. */
  public static IpPrefix allIpv6() {
    return parse("::/0");
  }

  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
