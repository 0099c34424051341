package io.margay.app.lab.machine;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import java.net.InetAddress;

/**
 * A virt-launcher pod with its network as KubeVirt's bridge binding makes it: the pod's interface
 * gives its addresses and its hardware address to the machine, and a bridge joins the two.
 *
 * <pre>
 *   node ─cali…──eth0─ k6t-eth0 ─tap0─ machine
 * </pre>
 *
 * @param name of the pod
 * @param node on which it runs
 * @param namespace the pod's, in which the machine's process runs too
 * @param address of the machine
 * @param mac of the machine
 */
record Launcher(
    String name, LabHost node, NetworkNamespace namespace, IpAddress address, MacAddress mac) {
  /** The machine's side of the bridge. */
  static final String TAP = "tap0";

  static final String POD_INTERFACE = "eth0";
  private static final String BRIDGE = "k6t-eth0";

  /** Any other than the machine's: the bridge would take frames to its own ports' for its own. */
  private static final long LOCAL_BIT = 0x0200_0000_0000L;

  /** Takes the pod's addresses off its interface, which the CNI plugin has made. */
  void makeBridge() {
    try (RouteSocket links = RouteSocket.open(namespace)) {
      int eth0 = links.index(POD_INTERFACE);
      links.deleteAddress(eth0, IpPrefix.single(InetAddress.ofLiteral(address.toString())));
      links.setDown(eth0);
      links.setMac(eth0, new MacAddress(mac.bits() & ~(0xffL << 40) | LOCAL_BIT | 0x20L << 40));
      int bridge = links.createLink(new LinkSpec.Bridge(BRIDGE));
      links.setMaster(eth0, bridge);
      links.setUp(bridge);
      links.setUp(eth0);
    }
  }

  /** Joins the machine's interface, which is in the pod by now. */
  void plug() {
    try (RouteSocket links = RouteSocket.open(namespace)) {
      int tap = links.index(TAP);
      links.setMaster(tap, links.index(BRIDGE));
      links.setUp(tap);
    }
  }

  boolean hasTap() {
    try (RouteSocket links = RouteSocket.open(namespace)) {
      return links.link(TAP).isPresent();
    }
  }

  /** Sees all that comes to the pod and leaves it. */
  FrameSocket capture() {
    try (RouteSocket links = RouteSocket.open(namespace)) {
      return FrameSocket.open(namespace, links.index(POD_INTERFACE));
    }
  }
}
