package io.margay.app.lab.cluster;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The switch between a lab's nodes, and whatever else the lab makes of namespaces.
 *
 * <p>The namespaces have no names and are held by descriptors only: when this process ends, however
 * it ends, the kernel takes everything away.
 */
public final class NodeFabric implements AutoCloseable {
  private static final String UPLINK = "eth0";

  private final Deque<NetworkNamespace> opened = new ArrayDeque<>();
  private final NetworkNamespace fabric;
  private final int bridge;

  /** Makes a fabric without nodes. */
  public NodeFabric() {
    fabric = newNamespace();
    try (RouteSocket links = RouteSocket.open(fabric)) {
      bridge = links.createLink(new LinkSpec.Bridge("fabric0"));
      links.addAddress(bridge, inFabric(ClusterPlan.gateway()));
      links.setUp(bridge);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A namespace in which nothing but loopback is; the fabric closes it. */
  public NetworkNamespace newNamespace() {
    NetworkNamespace namespace = NetworkNamespace.create();
    opened.push(namespace);
    try (RouteSocket links = RouteSocket.open(namespace)) {
      links.setUp(links.index("lo"));
    }
    return namespace;
  }

  /** A node with an address on the fabric, through which it forwards packets. */
  public NetworkNamespace join(String node, IpAddress address) {
    NetworkNamespace namespace = newNamespace();
    namespace.setSysctl("net/ipv4/ip_forward", "1");
    try (RouteSocket ports = RouteSocket.open(fabric);
        RouteSocket links = RouteSocket.open(namespace)) {
      int port = ports.createVeth(node, UPLINK, namespace);
      ports.setMaster(port, bridge);
      ports.setUp(port);
      int uplink = links.index(UPLINK);
      links.addAddress(uplink, inFabric(address));
      links.setUp(uplink);
      // The way to 169.254.1.1 must not lead back to the pod, or the kernel would not answer ARP
      // for it: this route makes it lead away.
      links.addRoute(
          Route.to(IpPrefix.allIpv4()).withVia(inet(ClusterPlan.gateway())).withDevice(uplink));
    }
    return namespace;
  }

  private static IpPrefix inFabric(IpAddress address) {
    return new IpPrefix(inet(address), ClusterPlan.FABRIC_PREFIX);
  }

  static InetAddress inet(IpAddress address) {
    return InetAddress.ofLiteral(address.toString());
  }

  /** Gives up all namespaces, the last made first. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
