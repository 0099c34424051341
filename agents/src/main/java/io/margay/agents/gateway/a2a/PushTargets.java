package io.margay.agents.gateway.a2a;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where an agent may be told to post: addresses that callers choose could lead into the cluster, to
 * its metadata service or to the gateway itself.
 */
public final class PushTargets {
  private final Set<String> allowedHosts;
  private final Resolver resolver;

  /** Finds the addresses of a host. */
  @FunctionalInterface
  public interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * @param allowedHosts of our own network, to which agents may post all the same
   */
  public PushTargets(Set<String> allowedHosts, Resolver resolver) {
    this.allowedHosts = Set.copyOf(allowedHosts);
    this.resolver = resolver;
  }

  /** Why an address may not be posted to; empty when it may. */
  Optional<String> problem(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      return Optional.of("is not a URL");
    }
    String host = uri.getHost();
    if (host == null || uri.getUserInfo() != null) {
      return Optional.of("names no host, or a user too");
    }
    if (allowedHosts.contains(host.toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    if (!"https".equals(uri.getScheme())) {
      return Optional.of("is not https");
    }
    try {
      for (InetAddress address : resolver.resolve(host)) {
        if (isInside(address)) {
          return Optional.of(
              "leads to " + address.getHostAddress() + ", which is no public address");
        }
      }
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("names a host that is not known");
    }
  }

  private static boolean isInside(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    boolean carrier = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean reserved = bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0);
    // IPv6 with an IPv4 address inside leads where that leads: NAT64 and 6to4.
    boolean translated =
        bytes.length == 16
            && (bytes[0] == 0x20 && bytes[1] == 0x02
                || bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xff);
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal
        || carrier
        || reserved
        || translated;
  }
}
