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
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
 *
 * <p>The namespaces have no names and are held by descriptors only: when this process ends, however
 * it ends, the kernel takes everything away.
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
  private final Deque<NetworkNamespace> opened = new ArrayDeque<>();

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

  private NetworkNamespace open() {
    NetworkNamespace namespace = NetworkNamespace.create();
    opened.push(namespace);
    try (RouteSocket links = RouteSocket.open(namespace)) {
      links.setUp(links.index("lo"));
    }
    return namespace;
  }

  private void connectNodes(List<LabNode> planned) {
    NetworkNamespace fabric = open();
    try (RouteSocket fabricLinks = RouteSocket.open(fabric)) {
      int bridge = fabricLinks.createLink(new LinkSpec.Bridge("fabric0"));
      fabricLinks.addAddress(
          bridge, new IpPrefix(inet(ClusterPlan.gateway()), ClusterPlan.FABRIC_PREFIX));
      fabricLinks.setUp(bridge);
      for (LabNode node : planned) {
        NetworkNamespace namespace = open();
        nodes.put(node, namespace);
        int port = fabricLinks.createVeth(node.name(), "eth0", namespace);
        fabricLinks.setMaster(port, bridge);
        fabricLinks.setUp(port);
        connectNode(node, namespace, planned);
      }
    }
  }

  private static void connectNode(LabNode node, NetworkNamespace namespace, List<LabNode> all) {
    namespace.setSysctl("net/ipv4/ip_forward", "1");
    try (RouteSocket links = RouteSocket.open(namespace)) {
      int uplink = links.index("eth0");
      links.addAddress(uplink, new IpPrefix(inet(node.address()), ClusterPlan.FABRIC_PREFIX));
      links.setUp(uplink);
      // The way to 169.254.1.1 must not lead back to the pod, or the kernel would not answer ARP
      // for it: this route makes it lead away.
      links.addRoute(
          Route.to(IpPrefix.allIpv4()).withVia(inet(ClusterPlan.gateway())).withDevice(uplink));
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
        NetworkNamespace namespace = open();
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
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  /** Gives up all namespaces, the last made first. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
