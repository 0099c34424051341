package io.margay.network.route;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is, by family: read from Calico's annotations of the Node object, or from its
 * internal addresses where there are none.
 */
public record NodePlace(String name, Map<IpFamily, Reach> reaches) {
  private static final String PREFIX = "projectcalico.org/";

  /** The first byte of a tunnel's hardware address: locally administered, and easy to recognise. */
  private static final byte MAC_MARK = 0x66;

  public NodePlace {
    reaches = Map.copyOf(reaches);
  }

  /**
   * How a node is reached.
   *
   * @param address the node's own
   * @param subnet on which it is; null if unknown, and then no other node is on it
   * @param tunnel the address of its VXLAN interface; null while it has none
   * @param mac the hardware address of that interface
   */
  public record Reach(
      IpAddress address, @Nullable Cidr subnet, @Nullable IpAddress tunnel, MacAddress mac) {
    Reach within(Cidr found) {
      return new Reach(address, found, tunnel, mac);
    }

    /** Whether the other node's address can be reached without a router. */
    boolean sharesSubnet(Reach other) {
      return subnet != null && subnet.contains(other.address);
    }
  }

  NodePlace with(IpFamily family, Reach reach) {
    Map<IpFamily, Reach> changed = new EnumMap<>(IpFamily.class);
    changed.putAll(reaches);
    changed.put(family, reach);
    return new NodePlace(name, changed);
  }

  public @Nullable Reach reach(IpFamily family) {
    return reaches.get(family);
  }

  /** The annotation that holds a node's tunnel address. */
  public static String tunnelAnnotation(IpFamily family) {
    return switch (family) {
      case IPV4 -> PREFIX + "IPv4VXLANTunnelAddr";
      case IPV6 -> PREFIX + "IPv6VXLANTunnelAddr";
    };
  }

  /**
   * Reads a node. A family whose annotations cannot be read is left out.
   *
   * @param problems receives what cannot be read
   */
  public static NodePlace of(Node node, List<String> problems) {
    Map<IpFamily, Reach> reaches = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      try {
        Reach reach = read(node, family);
        if (reach != null) {
          reaches.put(family, reach);
        }
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    return new NodePlace(node.metadata().name(), reaches);
  }

  private static @Nullable Reach read(Node node, IpFamily family) {
    boolean v4 = family == IpFamily.IPV4;
    String own = PREFIX + (v4 ? "IPv4Address" : "IPv6Address");
    String text = node.metadata().annotations().getOrDefault(own, "");
    IpAddress address;
    Cidr subnet = null;
    if (text.isEmpty()) {
      address =
          node.ipAddresses().stream().filter(a -> a.family() == family).findFirst().orElse(null);
    } else {
      int slash = text.indexOf('/');
      String bare = slash < 0 ? text : text.substring(0, slash);
      address = annotation(node, own, family, whole -> IpAddress.parse(bare), IpAddress::family);
      subnet = slash < 0 ? null : annotation(node, own, family, Cidr::parse, Cidr::family);
    }
    if (address == null) {
      return null;
    }
    IpAddress tunnel =
        annotation(node, tunnelAnnotation(family), family, IpAddress::parse, IpAddress::family);
    MacAddress mac =
        annotation(
            node,
            PREFIX + (v4 ? "VXLANTunnelMACAddr" : "VXLANTunnelMACAddrV6"),
            family,
            MacAddress::parse,
            parsed -> family);
    return new Reach(
        address, subnet, tunnel, mac == null ? tunnelMac(node.metadata().name(), family) : mac);
  }

  private static <T> @Nullable T annotation(
      Node node,
      String name,
      IpFamily family,
      Function<String, T> parse,
      Function<T, IpFamily> familyOf) {
    String text = node.metadata().annotations().getOrDefault(name, "");
    if (text.isEmpty()) {
      return null;
    }
    T value;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          node.key() + ", annotation " + name + " \"" + text + "\": " + e.getMessage(), e);
    }
    if (familyOf.apply(value) != family) {
      throw new IllegalArgumentException(
          node.key() + ", annotation " + name + " \"" + text + "\": write an " + label(family));
    }
    return value;
  }

  private static String label(IpFamily family) {
    return switch (family) {
      case IPV4 -> "IPv4 address";
      case IPV6 -> "IPv6 address";
    };
  }

  /** 0x66 and the first five bytes of the SHA-1 of the node's name, as Calico computes it. */
  static MacAddress tunnelMac(String node, IpFamily family) {
    String text =
        switch (family) {
          case IPV4 -> node;
          case IPV6 -> node + "-v6";
        };
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return MacAddress.of(
          new byte[] {MAC_MARK, digest[0], digest[1], digest[2], digest[3], digest[4]});
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
