package io.margay.kernel.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.Errno;
import io.margay.kernel.InNamespaces;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteSocketTest extends InNamespaces {

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  /** Whether a TCP connection from one namespace reaches an address in another. */
  private boolean connects(NetworkNamespace from, NetworkNamespace to, String address)
      throws IOException {
    ServerSocketChannel server = closing(to.run(ServerSocketChannel::open));
    server.bind(new InetSocketAddress(ip(address), 0));
    InetSocketAddress target = (InetSocketAddress) server.getLocalAddress();
    try (Socket socket = from.run(RouteSocketTest::unconnected)) {
      socket.connect(target, 3000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The socket is made when it is bound or connected: bind it inside. */
  private static Socket unconnected() throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    return socket;
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.1/32, 10.2.0.1/32, 169.254.1.1",
    "fd00:1::1/128, fd00:2::1/128, fe80::1:1",
  })
  void podsReachEachOtherThroughARouterAsCalicoLaysThemOut(
      String left, String right, String gateway) throws IOException {
    NetworkNamespace router = namespace();
    router.setSysctl("net/ipv4/ip_forward", "1");
    router.setSysctl("net/ipv6/conf/all/forwarding", "1");
    try (RouteSocket host = RouteSocket.open(router)) {
      // The kernel answers ARP for a gateway only if it has a route to it on another interface.
      int fabric = host.createLink(new LinkSpec.Bridge("fabric"));
      host.setUp(fabric);
      host.addRoute(Route.to(IpPrefix.allIpv4()).withDevice(fabric));
    }
    for (String address : new String[] {left, right}) {
      NetworkNamespace pod =
          address.equals(left) ? (leftPod = namespace()) : (rightPod = namespace());
      try (RouteSocket host = RouteSocket.open(router);
          RouteSocket inside = RouteSocket.open(pod)) {
        String name = address.equals(left) ? "cali1" : "cali2";
        int hostSide = host.createVeth(name, "eth0", pod);
        int podSide = inside.index("eth0");
        host.setUp(hostSide);
        inside.setUp(podSide);
        IpPrefix prefix = IpPrefix.parse(address);
        inside.addAddress(podSide, prefix);
        IpPrefix gatewayPrefix = IpPrefix.parse(gateway);
        Route toGateway = Route.to(gatewayPrefix).withDevice(podSide);
        inside.addRoute(toGateway);
        IpPrefix all = prefix.isIpv4() ? IpPrefix.allIpv4() : IpPrefix.allIpv6();
        inside.addRoute(Route.to(all).withVia(ip(gateway)).withDevice(podSide));
        if (prefix.isIpv4()) {
          router.setSysctl("net/ipv4/conf/" + name + "/proxy_arp", "1");
          router.setSysctl("net/ipv4/neigh/" + name + "/proxy_delay", "0");
        } else {
          router.setSysctl("net/ipv6/conf/" + name + "/proxy_ndp", "1");
          router.setSysctl("net/ipv6/neigh/" + name + "/proxy_delay", "0");
          host.setNeighbour(new Neighbour.Proxy(hostSide, ip(gateway)));
        }
        host.addRoute(Route.to(prefix).withDevice(hostSide));
      }
    }
    assertThat(connects(leftPod, rightPod, IpPrefix.parse(right).address().getHostAddress()))
        .isTrue();
  }

  private NetworkNamespace leftPod;
  private NetworkNamespace rightPod;

  @Test
  void listsWhatWasAdded() {
    NetworkNamespace namespace = namespace();
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      int tunnel = routes.createLink(new LinkSpec.Vxlan("vxlan0", 7, 4789, ip("127.0.0.1"), false));
      int bridge = routes.createLink(new LinkSpec.Bridge("br0"));
      MacAddress mac = MacAddress.parse("02:00:00:00:00:07");
      routes.setMtu(tunnel, 1450);
      routes.setMac(tunnel, mac);
      routes.setMaster(tunnel, bridge);
      routes.setUp(tunnel);
      Link link = routes.link("vxlan0").orElseThrow();
      assertThat(link.kind()).isEqualTo("vxlan");
      assertThat(link.mtu()).isEqualTo(1450);
      assertThat(link.mac()).isEqualTo(mac);
      assertThat(link.master()).isEqualTo(bridge);
      assertThat(link.up()).isTrue();
      assertThat(routes.links()).extracting(Link::name).contains("lo", "vxlan0", "br0");
      routes.setDown(tunnel);
      routes.rename(tunnel, "renamed");
      assertThat(routes.index("renamed")).isEqualTo(tunnel);
      routes.deleteLink(tunnel);
      assertThat(routes.link("renamed")).isEmpty();
    }
  }

  @Test
  void countsPackets() throws IOException {
    NetworkNamespace namespace = namespace();
    try (RouteSocket routes = RouteSocket.open(namespace);
        DatagramChannel channel = namespace.run(() -> DatagramChannel.open())) {
      int loopback = routes.index("lo");
      routes.setUp(loopback);
      LinkTraffic before = routes.traffic(loopback);
      channel.send(ByteBuffer.allocate(1), new InetSocketAddress("127.0.0.1", 9));
      LinkTraffic after = routes.traffic(loopback);
      assertThat(after.sent()).isGreaterThan(before.sent());
      assertThat(after.received()).isGreaterThan(before.received());
    }
  }

  @Test
  void replacesAndDeletesRoutes() {
    NetworkNamespace namespace = namespace();
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      int one = routes.createLink(new LinkSpec.Bridge("one"));
      int two = routes.createLink(new LinkSpec.Bridge("two"));
      routes.setUp(one);
      routes.setUp(two);
      Route route =
          Route.to(IpPrefix.parse("10.7.0.0/16")).withDevice(one).withMetric(50).withProtocol(80);
      routes.addRoute(route);
      assertThatThrownBy(() -> routes.addRoute(route))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.EEXIST)).isTrue())
          .hasMessageContaining("RTM_NEWROUTE")
          .hasMessageContaining("10.7.0.0/16");
      routes.replaceRoute(route.withDevice(two));
      Route hole = Route.blackhole(IpPrefix.parse("fd00:7::/64")).withMetric(1024);
      Route onLink =
          Route.to(IpPrefix.parse("10.8.0.0/24"))
              .withVia(ip("192.0.2.1"))
              .withDevice(one)
              .withOnLink();
      Route far = Route.to(IpPrefix.parse("10.9.0.0/24")).withDevice(one).withTable(1000);
      routes.addRoute(hole);
      routes.addRoute(onLink);
      routes.addRoute(far);
      assertThat(routes.routes(Route.MAIN_TABLE))
          .contains(route.withDevice(two), onLink)
          .doesNotContain(route, far)
          .anyMatch(
              r -> r.destination().equals(hole.destination()) && r.type() == Route.Type.BLACKHOLE);
      assertThat(routes.routes(1000)).containsExactly(far);
      routes.deleteRoute(onLink);
      assertThat(routes.routes(Route.MAIN_TABLE)).doesNotContain(onLink);
      assertThatThrownBy(() -> routes.deleteRoute(onLink)).hasMessageContaining("ESRCH");
    }
  }

  @Test
  void vxlanCarriesPacketsBetweenNodes() throws IOException {
    NetworkNamespace left = namespace();
    NetworkNamespace right = namespace();
    join(left, "fabric0", "192.0.2.1/24", right, "fabric0", "192.0.2.2/24");
    MacAddress leftMac = MacAddress.parse("66:00:00:00:00:01");
    MacAddress rightMac = MacAddress.parse("66:00:00:00:00:02");
    tunnel(
        left,
        "192.0.2.1",
        leftMac,
        "10.10.0.1",
        rightMac,
        "192.0.2.2",
        "10.10.1.1",
        "10.10.1.0/24");
    tunnel(
        right,
        "192.0.2.2",
        rightMac,
        "10.10.1.1",
        leftMac,
        "192.0.2.1",
        "10.10.0.1",
        "10.10.0.0/24");
    assertThat(connects(left, right, "10.10.1.1")).isTrue();
  }

  private static void tunnel(
      NetworkNamespace node,
      String local,
      MacAddress mac,
      String address,
      MacAddress farMac,
      String far,
      String farAddress,
      String farBlock) {
    try (RouteSocket routes = RouteSocket.open(node)) {
      int vxlan =
          routes.createLink(new LinkSpec.Vxlan("vxlan.margay", 4096, 4789, ip(local), false));
      routes.setMac(vxlan, mac);
      routes.setMtu(vxlan, 1450);
      routes.addAddress(vxlan, IpPrefix.parse(address));
      routes.setUp(vxlan);
      routes.setNeighbour(new Neighbour.Permanent(vxlan, ip(farAddress), farMac));
      routes.setNeighbour(new Neighbour.Forwarding(vxlan, farMac, ip(far)));
      routes.addRoute(
          Route.to(IpPrefix.parse(farBlock))
              .withVia(ip(farAddress))
              .withDevice(vxlan)
              .withOnLink());
      assertThat(routes.neighbours())
          .contains(new NeighbourEntry(vxlan, ip(farAddress), farMac, true));
    }
  }

  @Test
  void monitorTellsOfLinksAndRoutes() throws InterruptedException {
    NetworkNamespace namespace = namespace();
    BlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
    closing(RouteMonitor.open(namespace, events::add));
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      int watched = routes.createLink(new LinkSpec.Bridge("watched"));
      await(events, e -> e instanceof RouteEvent.LinkChanged(Link link) && link.index() == watched);
      routes.setUp(watched);
      Route route = Route.to(IpPrefix.parse("10.7.0.0/16")).withDevice(watched);
      routes.addRoute(route);
      await(events, e -> e.equals(new RouteEvent.RouteChanged(route)));
      routes.deleteRoute(route);
      await(events, e -> e.equals(new RouteEvent.RouteRemoved(route)));
      routes.deleteLink(watched);
      await(events, e -> e instanceof RouteEvent.LinkRemoved(Link link) && link.index() == watched);
    }
  }

  private static void await(BlockingQueue<RouteEvent> events, Predicate<RouteEvent> expected)
      throws InterruptedException {
    while (true) {
      RouteEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("an event within ten seconds").isNotNull();
      if (expected.test(event)) {
        return;
      }
    }
  }

  @Test
  void refusesNamesThatTheKernelWouldCut() {
    assertThatThrownBy(() -> new LinkSpec.Bridge("sixteen-letters!"))
        .hasMessageContaining("1 to 15 bytes");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "host/8"})
  void refusesBadPrefixes(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
