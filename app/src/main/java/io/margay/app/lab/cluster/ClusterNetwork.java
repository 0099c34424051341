package io.margay.app.lab.cluster;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The lab's network: nodes, pods and the fabric between the nodes, each a network namespace.
 *
 * <pre>
 *  pod ─veth─ cali… ┐                          ┌ cali… ─veth─ pod
 *                   node-1 ─eth0─ fabric ─eth0─ node-2
 *                   └─ vxlan.margay ══════ vxlan.margay ─┘
 * </pre>
 *
 * <p>Routes are laid out as Calico does: a pod has a /32 address, its gateway is 169.254.1.1, for
 * which the node answers ARP, and the node has a /32 route to each of its pods and a route through
 * the tunnel to the pods of each other node.
 */
public final class ClusterNetwork implements AutoCloseable {
  /** The name of the tunnel between the nodes, on each of them. */
  public static final String TUNNEL = "vxlan.margay";

  private static final int VXLAN_ID = 4096;
  private static final int VXLAN_PORT = 4789;

  /** Room for the 50 bytes that VXLAN adds. */
  private static final int POD_MTU = 1450;

  private static final IpAddress POD_GATEWAY = IpAddress.parse("169.254.1.1");

  /** The same for every host side, as Calico has it: pods never need to learn another one. */
  private static final MacAddress HOST_SIDE_MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private final Map<LabNode, NetworkNamespace> nodes = new LinkedHashMap<>();
  private final Map<LabPod, NetworkNamespace> pods = new LinkedHashMap<>();
  private final NodeFabric fabric = new NodeFabric();

  private ClusterNetwork() {}

  /**
   * Builds the network.
   *
   * @throws io.margay.kernel.KernelException if the kernel refuses; what was built is gone then
   */
  public static ClusterNetwork build(ClusterPlan plan) {
    ClusterNetwork network = new ClusterNetwork();
    try {
      network.connectNodes(plan.nodes());
      plan.podsByNode().forEach(network::connectPods);
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  public NetworkNamespace node(LabNode node) {
    return Objects.requireNonNull(nodes.get(node), node.name());
  }

  public NetworkNamespace pod(LabPod pod) {
    return Objects.requireNonNull(pods.get(pod), pod.toString());
  }

  /**
   * Makes a link for each namespace in a folder, so that {@code nsenter --net=FILE} finds them. The
   * links lead into this process and end with it.
   */
  public void publish(Path folder) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<LabNode, NetworkNamespace> node : nodes.entrySet()) {
        link(folder.resolve(node.getKey().name()), node.getValue());
      }
      for (Map.Entry<LabPod, NetworkNamespace> pod : pods.entrySet()) {
        link(folder.resolve(pod.getKey().namespace() + "." + pod.getKey().name()), pod.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(Path file, NetworkNamespace namespace) throws IOException {
    Files.deleteIfExists(file);
    Files.createSymbolicLink(file, namespace.path());
  }

  private void connectNodes(List<LabNode> planned) {
    for (LabNode node : planned) {
      NetworkNamespace namespace = fabric.join(node.name(), node.address());
      nodes.put(node, namespace);
      dig(node, namespace, planned);
    }
  }

  private static void dig(LabNode node, NetworkNamespace namespace, List<LabNode> all) {
    try (RouteSocket links = RouteSocket.open(namespace)) {
      int tunnel =
          links.createLink(
              new LinkSpec.Vxlan(TUNNEL, VXLAN_ID, VXLAN_PORT, inet(node.address()), false));
      links.setMac(tunnel, node.tunnelMac());
      links.setMtu(tunnel, POD_MTU);
      links.addAddress(tunnel, single(node.tunnelAddress()));
      links.setUp(tunnel);
      // Addresses of the range that no pod has go nowhere, rather than out by the default route.
      links.addRoute(Route.blackhole(prefix(node)));
      for (LabNode other : all) {
        if (!other.equals(node)) {
          connectTunnel(links, tunnel, other);
        }
      }
    }
  }

  /** Nothing is learnt in the tunnel: where each other node is, is written down. */
  private static void connectTunnel(RouteSocket links, int tunnel, LabNode other) {
    InetAddress farEnd = inet(other.tunnelAddress());
    links.setNeighbour(new Neighbour.Permanent(tunnel, farEnd, other.tunnelMac()));
    links.setNeighbour(new Neighbour.Forwarding(tunnel, other.tunnelMac(), inet(other.address())));
    links.addRoute(Route.to(prefix(other)).withVia(farEnd).withDevice(tunnel).withOnLink());
  }

  private void connectPods(LabNode node, List<LabPod> planned) {
    NetworkNamespace host = node(node);
    try (RouteSocket hostLinks = RouteSocket.open(host)) {
      for (LabPod pod : planned) {
        NetworkNamespace namespace = fabric.newNamespace();
        pods.put(pod, namespace);
        connectPod(pod, namespace, host, hostLinks);
      }
    }
  }

  private static void connectPod(
      LabPod pod, NetworkNamespace namespace, NetworkNamespace host, RouteSocket hostLinks) {
    String hostSide = pod.resource().hostInterface();
    int hostIndex = hostLinks.createVeth(hostSide, "eth0", namespace);
    hostLinks.setMac(hostIndex, HOST_SIDE_MAC);
    hostLinks.setMtu(hostIndex, POD_MTU);
    host.setSysctl("net/ipv4/conf/" + hostSide + "/proxy_arp", "1");
    // Without it the kernel waits up to 0.8 s before it answers for somebody else.
    host.setSysctl("net/ipv4/neigh/" + hostSide + "/proxy_delay", "0");
    hostLinks.setUp(hostIndex);
    try (RouteSocket links = RouteSocket.open(namespace)) {
      int index = links.index("eth0");
      links.setMtu(index, POD_MTU);
      links.addAddress(index, single(pod.address()));
      links.setUp(index);
      links.addRoute(Route.to(single(POD_GATEWAY)).withDevice(index));
      links.addRoute(Route.to(IpPrefix.allIpv4()).withVia(inet(POD_GATEWAY)).withDevice(index));
    }
    hostLinks.addRoute(Route.to(single(pod.address())).withDevice(hostIndex));
  }

  private static IpPrefix single(IpAddress address) {
    return IpPrefix.single(inet(address));
  }

  private static IpPrefix prefix(LabNode node) {
    return new IpPrefix(inet(node.podCidr().address()), node.podCidr().prefixLength());
  }

  private static InetAddress inet(IpAddress address) {
    return NodeFabric.inet(address);
  }

  /** Gives up all namespaces. */
  @Override
  public void close() {
    fabric.close();
  }
}
