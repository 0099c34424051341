package io.margay.network.route;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Nodes and pods as namespaces, without any route between the nodes' pods.
 *
 * <pre>
 *   pod ─veth─ cali… node ─eth0─ router: one bridge for each subnet ─eth0─ node cali… ─veth─ pod
 * </pre>
 */
final class NodeLab implements AutoCloseable {
  private static final MacAddress NODE_SIDE = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, NetworkNamespace> nodes = new LinkedHashMap<>();
  private final Map<String, NetworkNamespace> pods = new LinkedHashMap<>();
  private final NetworkNamespace router = namespace();
  private int count;

  private NetworkNamespace namespace() {
    NetworkNamespace namespace = NetworkNamespace.create();
    opened.push(namespace);
    namespace.setSysctl("net/ipv6/conf/default/accept_dad", "0");
    try (RouteSocket socket = RouteSocket.open(namespace)) {
      socket.setUp(socket.index("lo"));
    }
    return namespace;
  }

  NetworkNamespace node(String name) {
    return Objects.requireNonNull(nodes.get(name), name);
  }

  NetworkNamespace pod(String address) {
    return Objects.requireNonNull(pods.get(address), address);
  }

  Iterable<String> podAddresses() {
    return List.copyOf(pods.keySet());
  }

  /** A subnet, whose router has these addresses, such as {@code 192.0.2.254/24}. */
  void subnet(String bridge, String... gateways) {
    router.setSysctl("net/ipv4/ip_forward", "1");
    router.setSysctl("net/ipv6/conf/all/forwarding", "1");
    try (RouteSocket socket = RouteSocket.open(router)) {
      int index = socket.createLink(new LinkSpec.Bridge(bridge));
      for (String gateway : gateways) {
        socket.addAddress(index, IpPrefix.parse(gateway));
      }
      socket.setUp(index);
    }
  }

  /** A node with an address for each of its subnet's gateways, and default routes there. */
  void join(String name, String bridge, Map<String, String> addressesByGateway) {
    NetworkNamespace node = namespace();
    nodes.put(name, node);
    try (RouteSocket routers = RouteSocket.open(router);
        RouteSocket socket = RouteSocket.open(node)) {
      int port = routers.createVeth("port" + ++count, "eth0", node);
      routers.setMaster(port, routers.index(bridge));
      routers.setUp(port);
      int eth0 = socket.index("eth0");
      socket.setUp(eth0);
      addressesByGateway.forEach((gateway, address) -> {
        socket.addAddress(eth0, IpPrefix.parse(address));
        InetAddress via = InetAddress.ofLiteral(gateway);
        boolean v4 = IpPrefix.single(via).isIpv4();
        socket.addRoute(
            Route.to(v4 ? IpPrefix.allIpv4() : IpPrefix.allIpv6()).withVia(via).withDevice(eth0));
      });
    }
  }

  /** A pod without the node's route to it: that is the route controller's. */
  void pod(String name, String node, String address) {
    NetworkNamespace inside = namespace();
    pods.put(address, inside);
    MacAddress mac = new MacAddress(0x0200_0000_0000L + ++count);
    IpPrefix own = IpPrefix.parse(address);
    InetAddress gateway = InetAddress.ofLiteral(own.isIpv4() ? "169.254.1.1" : "fe80::1");
    try (RouteSocket host = RouteSocket.open(node(node));
        RouteSocket socket = RouteSocket.open(inside)) {
      int hostSide = host.createVeth(hostInterface(name), "eth0", inside);
      host.setMac(hostSide, NODE_SIDE);
      host.setUp(hostSide);
      host.setNeighbour(new Neighbour.Permanent(hostSide, own.address(), mac));
      int eth0 = socket.index("eth0");
      socket.setMac(eth0, mac);
      socket.setMtu(eth0, 1400);
      socket.addAddress(eth0, own);
      socket.setUp(eth0);
      socket.setNeighbour(new Neighbour.Permanent(eth0, gateway, NODE_SIDE));
      IpPrefix all = own.isIpv4() ? IpPrefix.allIpv4() : IpPrefix.allIpv6();
      socket.addRoute(Route.to(all).withVia(gateway).withDevice(eth0).withOnLink());
    }
  }

  /**
   * Moves what is in a pod to another pod, as a machine moves: its namespace, sockets and all, has
   * the cable to another node. Nobody is told.
   */
  void move(String address, String fromNode, String fromPod, String toNode, String toPod) {
    try (RouteSocket from = RouteSocket.open(node(fromNode));
        RouteSocket to = RouteSocket.open(node(toNode));
        RouteSocket inside = RouteSocket.open(pod(address))) {
      int link = from.index(hostInterface(fromPod));
      from.setDown(link);
      from.rename(link, hostInterface(toPod));
      from.moveTo(link, node(toNode));
      int moved = to.index(hostInterface(toPod));
      to.setUp(moved);
      MacAddress mac = inside.link("eth0").orElseThrow().mac();
      InetAddress own = InetAddress.ofLiteral(address);
      to.setNeighbour(new Neighbour.Permanent(moved, own, Objects.requireNonNull(mac)));
    }
  }

  /** Says where a machine is as QEMU does: a RARP request from its interface. */
  void announce(String address) {
    try (RouteSocket inside = RouteSocket.open(pod(address));
        FrameSocket frames = FrameSocket.open(pod(address), inside.index("eth0"))) {
      String mac = String.valueOf(inside.link("eth0").orElseThrow().mac()).replace(":", "");
      String header = "ffffffffffff" + mac + "8035" + "0001080006040003";
      String body = mac + "00000000" + mac + "00000000";
      frames.send(Arrays.copyOf(HexFormat.of().parseHex(header + body), 60));
    }
  }

  static String hostInterface(String pod) {
    return new Pod(ObjectMeta.of("default", pod, Map.of()), null, null).hostInterface();
  }

  /** Whether a TCP connection from one pod reaches another. */
  boolean connects(String from, String to) throws IOException {
    try (ServerSocketChannel server = pod(to).run(ServerSocketChannel::open);
        Socket socket = pod(from).run(NodeLab::bound)) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(to), 0));
      socket.connect(server.getLocalAddress(), 3000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The socket is made when an option is set: in the namespace of this thread. */
  static Socket bound() throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    return socket;
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
