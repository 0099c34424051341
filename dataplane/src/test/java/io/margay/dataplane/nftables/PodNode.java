package io.margay.dataplane.nftables;

import static org.awaitility.Awaitility.await;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A node and its pods, each a namespace with real sockets. */
final class PodNode implements AutoCloseable {
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");
  private static final MacAddress NODE_SIDE = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private final NetworkNamespace namespace = NetworkNamespace.create();
  private final RouteSocket routes = RouteSocket.open(namespace);
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private int pods;

  PodNode() {
    namespace.setSysctl("net/ipv4/ip_forward", "1");
    for (String scope : List.of("all", "default")) {
      namespace.setSysctl("net/ipv4/conf/" + scope + "/rp_filter", "0");
    }
    routes.setUp(routes.index("lo"));
    routes.addAddress(routes.index("lo"), IpPrefix.parse("172.16.0.1/32"));
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  /** A pod, or with another name for its interface a machine on the node's network. */
  Peer join(String interfaceName, String address) {
    NetworkNamespace inside = opened(NetworkNamespace.create());
    MacAddress mac = new MacAddress(0x0200_0000_0000L + ++pods);
    int device = routes.createVeth(interfaceName, "eth0", inside);
    routes.setMac(device, NODE_SIDE);
    routes.setUp(device);
    InetAddress literal = InetAddress.ofLiteral(address);
    routes.setNeighbour(new Neighbour.Permanent(device, literal, mac));
    routes.addRoute(Route.to(IpPrefix.single(literal)).withDevice(device));
    try (RouteSocket podRoutes = RouteSocket.open(inside)) {
      int eth0 = podRoutes.index("eth0");
      podRoutes.setMac(eth0, mac);
      podRoutes.addAddress(eth0, IpPrefix.single(literal));
      podRoutes.setUp(podRoutes.index("lo"));
      podRoutes.setUp(eth0);
      podRoutes.setNeighbour(new Neighbour.Permanent(eth0, GATEWAY, NODE_SIDE));
      podRoutes.addRoute(
          Route.to(IpPrefix.allIpv4()).withVia(GATEWAY).withDevice(eth0).withOnLink());
      awaitRunning(podRoutes, "eth0");
      awaitRunning(routes, interfaceName);
    }
    return new Peer(inside, literal);
  }

  /** Until the kernel is done with switching it on, an interface drops what is sent. */
  private static void awaitRunning(RouteSocket routes, String name) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .until(() -> routes.link(name).orElseThrow().running());
  }

  /** Sockets in a namespace. */
  final class Peer {
    private final NetworkNamespace inside;
    private final InetAddress address;

    Peer(NetworkNamespace inside, InetAddress address) {
      this.inside = inside;
      this.address = address;
    }

    InetAddress address() {
      return address;
    }

    /** Gives the machine one more address. */
    void addAddress(String more) {
      try (RouteSocket podRoutes = RouteSocket.open(inside)) {
        podRoutes.addAddress(podRoutes.index("eth0"), IpPrefix.parse(more + "/32"));
      }
    }

    DatagramChannel udp(int port) throws IOException {
      return udp(address, port);
    }

    DatagramChannel udp(InetAddress from, int port) throws IOException {
      DatagramChannel channel = opened(inside.run(() -> DatagramChannel.open()));
      channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 1 << 20);
      channel.bind(new InetSocketAddress(from, port));
      channel.configureBlocking(false);
      return channel;
    }

    ServerSocketChannel listen(int port) throws IOException {
      ServerSocketChannel server = opened(inside.run(() -> ServerSocketChannel.open()));
      server.bind(new InetSocketAddress(address, port));
      return server;
    }

    /** Connects, or throws {@link SocketTimeoutException} when nothing answers. */
    SocketChannel connect(InetAddress to, int port, int timeoutMillis) throws IOException {
      SocketChannel channel = opened(inside.run(() -> SocketChannel.open()));
      channel.bind(new InetSocketAddress(address, 0));
      channel.socket().connect(new InetSocketAddress(to, port), timeoutMillis);
      return channel;
    }
  }

  /** How many datagrams wait in a socket. */
  static int drain(DatagramChannel channel) throws IOException {
    int count = 0;
    ByteBuffer buffer = ByteBuffer.allocate(64);
    while (channel.receive(buffer.clear()) != null) {
      count++;
    }
    return count;
  }

  static void send(DatagramChannel from, InetAddress to, int port) throws IOException {
    from.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(to, port));
  }

  private synchronized <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    routes.close();
    namespace.close();
  }
}
