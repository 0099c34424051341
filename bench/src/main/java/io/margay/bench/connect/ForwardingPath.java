package io.margay.bench.connect;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.resource.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A node and some of its pods as network namespaces; the node forwards between the pods and is
 * where rules go. Neighbours are fixed, so that no ARP disturbs a measurement.
 */
final class ForwardingPath implements AutoCloseable {
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");
  private static final int BACKLOG = 4096;
  private static final int FIRST_PORT = 1024;
  private static final int PORTS = 64_000;
  private static final int REFUSAL_MILLIS = 300;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final NetworkNamespace node = namespace();
  private final List<NetworkNamespace> clients = new ArrayList<>();
  private final NetworkNamespace stranger;
  private final ServerSocketChannel listener;
  private final InetSocketAddress target;
  private int attempts;

  ForwardingPath(Cluster cluster) throws IOException {
    node.setSysctl("net/ipv4/ip_forward", "1");
    // Entries of connections that are over would pile up at these rates.
    node.setSysctl("net/netfilter/nf_conntrack_tcp_timeout_close", "1");
    cluster.clients().forEach(pod -> clients.add(connect(pod)));
    stranger = connect(cluster.stranger());
    NetworkNamespace server = connect(cluster.server());
    target = new InetSocketAddress(address(cluster.server()), Cluster.PORT);
    listener = server.run(ServerSocketChannel::open);
    opened.push(listener);
    listener.bind(target, BACKLOG);
    Thread.ofPlatform().daemon().name("accept").start(this::acceptAll);
  }

  private NetworkNamespace namespace() {
    NetworkNamespace namespace = NetworkNamespace.create();
    opened.push(namespace);
    return namespace;
  }

  /** Gives a pod its namespace and its wire to the node. */
  private NetworkNamespace connect(Pod pod) {
    NetworkNamespace namespace = namespace();
    try (RouteSocket host = RouteSocket.open(node);
        RouteSocket inside = RouteSocket.open(namespace)) {
      int hostSide = host.createVeth(pod.hostInterface(), "eth0", namespace);
      int podSide = inside.index("eth0");
      inside.setUp(inside.index("lo"));
      host.setUp(hostSide);
      inside.setUp(podSide);
      IpPrefix single = IpPrefix.single(address(pod));
      inside.addAddress(podSide, single);
      host.addRoute(Route.to(single).withDevice(hostSide));
      host.setNeighbour(new Neighbour.Permanent(hostSide, single.address(), mac(inside, "eth0")));
      inside.setNeighbour(
          new Neighbour.Permanent(podSide, GATEWAY, mac(host, pod.hostInterface())));
      inside.addRoute(
          Route.to(IpPrefix.allIpv4()).withVia(GATEWAY).withDevice(podSide).withOnLink());
    }
    return namespace;
  }

  private static MacAddress mac(RouteSocket routes, String name) {
    return Objects.requireNonNull(routes.link(name).map(Link::mac).orElse(null), name);
  }

  private static InetAddress address(Pod pod) {
    try {
      return InetAddress.getByAddress(pod.status().podIPs().getFirst().ip().toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the length is always right
    }
  }

  /** Each connection is left open until its client resets it, which a read sees as an error. */
  private void acceptAll() {
    ByteBuffer nothing = ByteBuffer.allocate(1);
    while (true) {
      try (SocketChannel accepted = listener.accept()) {
        accepted.read(nothing);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Reset, as it should be.
      }
    }
  }

  /** Where rules go. */
  NetworkNamespace node() {
    return node;
  }

  /**
   * Sets connections up from one client, one after the other, and resets each at once. Ports are
   * taken in turn: a search for a free one would be measured too.
   *
   * @param client 0 to {@link Cluster#CLIENTS} - 1
   * @return connections per second
   * @throws IOException if one could not be set up: the rules are wrong
   */
  double connectionsPerSecond(int client, int connections) throws IOException {
    int firstPort = attempts;
    attempts += connections;
    return clients
        .get(client)
        .run(() -> {
          long start = System.nanoTime();
          for (int i = 0; i < connections; i++) {
            connect(FIRST_PORT + (firstPort + i) % PORTS);
          }
          return connections * 1e9 / (System.nanoTime() - start);
        });
  }

  private void connect(int fromPort) throws IOException {
    try (SocketChannel connection = SocketChannel.open()) {
      connection.setOption(StandardSocketOptions.SO_LINGER, 0);
      connection.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      connection.bind(new InetSocketAddress(fromPort));
      connection.connect(target);
    }
  }

  /** Whether the pod that no policy lets in is kept out: otherwise nothing was measured. */
  boolean keepsStrangerOut() throws IOException {
    return stranger.run(() -> {
      try (Socket socket = new Socket()) {
        socket.bind(new InetSocketAddress(0));
        socket.connect(target, REFUSAL_MILLIS);
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      }
    });
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
