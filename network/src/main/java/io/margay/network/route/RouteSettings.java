package io.margay.network.route;

import io.margay.model.net.IpFamily;

/**
 * How a node routes; the defaults are Calico's.
 *
 * @param node whose routes they are
 * @param vxlanId the VXLAN network identifier
 * @param vxlanPort the UDP port of the tunnels
 * @param mtu of the tunnels' interfaces; 0 for what the node's own interface leaves
 * @param plainRoutes whether blocks that no tunnel serves get routes to nodes on the same subnet;
 *     false where BGP makes them
 * @param metric of all routes but the elevated; a lower one wins
 * @param elevatedMetric of routes to machines that have just come
 */
public record RouteSettings(
    String node,
    int vxlanId,
    int vxlanPort,
    int mtu,
    boolean plainRoutes,
    int metric,
    int elevatedMetric) {

  /** The metric of routes that are neither preferred nor avoided. */
  public static final int NORMAL_METRIC = 1024;

  public static RouteSettings defaults(String node) {
    return new RouteSettings(node, 4096, 4789, 0, true, NORMAL_METRIC, 512);
  }

  /** The same, with BGP making the routes that need no tunnel. */
  public RouteSettings withBgp() {
    return new RouteSettings(node, vxlanId, vxlanPort, mtu, false, metric, elevatedMetric);
  }

  /** The name of a family's VXLAN interface, as Calico calls it. */
  public static String tunnelName(IpFamily family) {
    return switch (family) {
      case IPV4 -> "vxlan.calico";
      case IPV6 -> "vxlan-v6.calico";
    };
  }

  /** What VXLAN adds to each packet, in bytes. */
  static int overhead(IpFamily family) {
    return switch (family) {
      case IPV4 -> 50;
      case IPV6 -> 70;
    };
  }
}
