package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.NeighbourEntry;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.route.RoutePlan.FarEnd;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real kernels: every node a namespace with a controller of its own, on one store. */
class RouteControllerTest {
  private final MemoryStore store = new MemoryStore();
  private final NodeLab lab = new NodeLab();
  private final Map<String, RouteController> controllers = new HashMap<>();

  @BeforeAll
  static void requireNamespaces() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, route tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  @AfterEach
  void close() throws Exception {
    controllers.values().forEach(RouteController::close);
    lab.close();
    store.close();
  }

  private TestCluster cluster = new TestCluster();

  /** {@code a} and {@code b} on one subnet, {@code c} behind a router, two pods on each. */
  private void threeNodes() {
    lab.subnet("left", "192.0.2.254/24", "2001:db8:1::fe/64");
    lab.subnet("right", "198.51.100.254/24", "2001:db8:2::fe/64");
    node("a", "left", "192.0.2", "2001:db8:1", 1);
    node("b", "left", "192.0.2", "2001:db8:1", 2);
    node("c", "right", "198.51.100", "2001:db8:2", 3);
  }

  private void node(String name, String bridge, String v4, String v6, int number) {
    String address4 = v4 + "." + number + "/24";
    String address6 = v6 + "::" + number + "/64";
    lab.join(name, bridge, Map.of(v4 + ".254", address4, v6 + "::fe", address6));
    cluster.node(name, Map.of("IPv4Address", address4, "IPv6Address", address6));
  }

  /** A block for each node, of one family. */
  private void blocks(String family) {
    for (int number = 1; number <= 3; number++) {
      cluster.block(
          family.equals("v4") ? "10.0." + number + ".0/26" : "fd00:" + number + "::/122",
          nodeOf(number));
    }
  }

  private static String nodeOf(int number) {
    return List.of("a", "b", "c").get(number - 1);
  }

  private void pods(String family) {
    blocks(family);
    for (int number = 1; number <= 3; number++) {
      String node = nodeOf(number);
      for (int pod = 1; pod <= 2; pod++) {
        String address =
            family.equals("v4") ? "10.0." + number + "." + pod : "fd00:" + number + "::" + pod;
        lab.pod(node + pod, node, address);
        cluster.pod(node + pod, node, InetAddress.ofLiteral(address).getHostAddress());
      }
    }
  }

  private void startInSync() {
    start();
    awaitTables();
  }

  private void start() {
    cluster.objects().forEach(store::create);
    for (String node : List.of("a", "b", "c")) {
      RouteController controller =
          new RouteController(lab.node(node), RouteSettings.defaults(node));
      controllers.put(node, controller);
      controller.start(store, InstantSource.system());
    }
  }

  /** Until every node's kernel holds exactly what the plan of the store says. */
  private void awaitTables() {
    await()
        .untilAsserted(() -> {
          for (String node : controllers.keySet()) {
            RoutePlan plan = planOf(node);
            assertThat(plan.problems()).isEmpty();
            assertThat(kernel(node)).as(node).isEqualTo(model(plan));
          }
        });
  }

  private RoutePlan planOf(String node) {
    TestCluster now = new TestCluster();
    for (Kind kind : ClusterCollector.KINDS) {
      store.list(kind, "").items().forEach(now::add);
    }
    return now.planOf(node);
  }

  private static List<String> model(RoutePlan plan) {
    TreeSet<String> lines = new TreeSet<>();
    plan.routes().forEach((to, way) -> lines.add(line(to.toString(), way)));
    plan.tunnels()
        .forEach((family, tunnel) -> {
          lines.add(RouteSettings.tunnelName(family) + " " + tunnel.mac());
          for (Map.Entry<IpAddress, FarEnd> end : tunnel.farEnds().entrySet()) {
            lines.add(end.getKey() + " is " + end.getValue().mac());
            lines.add(end.getValue().mac() + " behind " + end.getValue().node());
          }
        });
    return List.copyOf(lines);
  }

  private static String line(String to, RoutePlan.Way way) {
    return to
        + switch (way) {
          case RoutePlan.Way.ToPod(String link, boolean _) -> " dev " + link;
          case RoutePlan.Way.Tunnelled(IpAddress end) ->
              " via " + end + " dev " + RouteSettings.tunnelName(end.family());
          case RoutePlan.Way.Plain(IpAddress node) -> " via " + node + " dev eth0";
          case RoutePlan.Way.Nowhere() -> " blackhole";
        };
  }

  /** The same of what the kernel says. */
  private List<String> kernel(String node) {
    TreeSet<String> lines = new TreeSet<>();
    try (RouteSocket socket = RouteSocket.open(lab.node(node))) {
      Map<Integer, String> names =
          socket.links().stream()
              .collect(Collectors.toMap(link -> link.index(), link -> link.name()));
      for (Route route : socket.routes(Route.MAIN_TABLE)) {
        if (route.protocol() == 80) {
          lines.add(line(route, names));
        }
      }
      for (IpFamily family : IpFamily.values()) {
        String name = RouteSettings.tunnelName(family);
        socket
            .link(name)
            .ifPresent(link -> {
              lines.add(name + " " + link.mac());
              socket.neighbours().stream()
                  .filter(entry -> entry.device() == link.index() && entry.permanent())
                  .forEach(entry -> lines.add(text(entry.address()) + " is " + entry.mac()));
              socket.forwarding().stream()
                  .filter(entry -> entry.device() == link.index())
                  .forEach(entry -> lines.add(entry.mac() + " behind " + text(entry.remote())));
            });
      }
    }
    return List.copyOf(lines);
  }

  private static String line(Route route, Map<Integer, String> names) {
    String to = text(route.destination().address()) + "/" + route.destination().length();
    return route.type() == Route.Type.BLACKHOLE
        ? to + " blackhole"
        : to
            + (route.via() == null ? "" : " via " + text(route.via()))
            + " dev "
            + names.get(route.device());
  }

  private static String text(InetAddress address) {
    return IpAddress.ofBytes(address.getAddress()).toString();
  }

  private void assertEveryPodReachesEveryPod() throws IOException {
    for (String from : lab.podAddresses()) {
      for (String to : lab.podAddresses()) {
        assertThat(lab.connects(from, to)).as("%s to %s", from, to).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v4, 10.0.0.0/16, Always",
    "v4, 10.0.0.0/16, CrossSubnet",
    "v6, fd00::/16, Always",
    "v6, fd00::/16, CrossSubnet",
  })
  void everyPodReachesEveryPod(String family, String pool, String mode) throws IOException {
    threeNodes();
    pods(family);
    cluster.vxlanPool(pool, mode);
    startInSync();
    assertEveryPodReachesEveryPod();
  }

  @Test
  void aNodeThatIsGoneAndReturnsIsReachedAgain() throws IOException {
    threeNodes();
    pods("v4");
    cluster.vxlanPool("10.0.0.0/16", "Always");
    startInSync();
    KubeObject node = delete(Kind.NODE, "b");
    KubeObject block = delete(Kind.IPAM_BLOCK, "10-0-2-0-26");
    controllers.remove("b").close();
    awaitTables();
    assertThat(kernel("a")).noneMatch(line -> line.contains("10.0.2."));
    assertThat(lab.connects("10.0.1.1", "10.0.2.1")).isFalse();
    assertThat(lab.connects("10.0.1.1", "10.0.3.1")).isTrue();

    store.create(withoutVersion(node));
    store.create(withoutVersion(block));
    RouteController returned = new RouteController(lab.node("b"), RouteSettings.defaults("b"));
    controllers.put("b", returned);
    returned.start(store, InstantSource.system());
    awaitTables();
    assertEveryPodReachesEveryPod();
  }

  private KubeObject delete(Kind kind, String name) {
    return store.delete(new ResourceKey(kind, "", name), "");
  }

  private static KubeObject withoutVersion(KubeObject object) {
    ObjectNode json = object.json().deepCopy();
    ((ObjectNode) json.path("metadata")).remove(List.of("resourceVersion", "uid"));
    return new KubeObject(object.kind(), json);
  }

  @Test
  void whatOthersMadeStaysAndWhatTheyBreakIsMended() {
    threeNodes();
    blocks("v4");
    cluster.vxlanPool("10.0.0.0/16", "Always");
    NetworkNamespace node = lab.node("a");
    Route foreign = Route.blackhole(IpPrefix.parse("10.0.2.0/26")).withMetric(1024);
    Route elsewhere = Route.blackhole(IpPrefix.parse("172.20.0.0/16")).withProtocol(3);
    Route leftOver = Route.blackhole(IpPrefix.parse("172.21.0.0/16")).withProtocol(80);
    try (RouteSocket socket = RouteSocket.open(node)) {
      socket.addRoute(foreign);
      socket.addRoute(elsewhere);
      socket.addRoute(leftOver);
    }
    start();
    RouteController controller = controllers.get("a");
    await()
        .untilAsserted(() ->
            assertThat(controller.report().problems())
                .singleElement()
                .asString()
                .startsWith("10.0.2.0/26 has a route of another program"));
    try (RouteSocket socket = RouteSocket.open(node)) {
      assertThat(socket.routes(Route.MAIN_TABLE)).contains(foreign, elsewhere);
      assertThat(socket.routes(Route.MAIN_TABLE)).doesNotContain(leftOver);
      socket.deleteRoute(foreign);
      awaitTables();
      await().until(() -> controller.report().problems().isEmpty());

      int tunnel = socket.index("vxlan.calico");
      NeighbourEntry neighbour =
          socket.neighbours().stream()
              .filter(entry -> entry.device() == tunnel && entry.permanent())
              .findFirst()
              .orElseThrow();
      socket.deleteNeighbour(new Neighbour.Permanent(tunnel, neighbour.address(), neighbour.mac()));
      Route ours =
          socket.routes(Route.MAIN_TABLE).stream()
              .filter(route -> route.protocol() == 80 && route.device() == tunnel)
              .findFirst()
              .orElseThrow();
      socket.deleteRoute(ours);
      awaitTables();

      socket.deleteLink(tunnel);
      awaitTables();
      assertThat(socket.routes(Route.MAIN_TABLE)).contains(elsewhere);
    }
  }

  @Test
  void packetsThatLeaveThePoolsHaveTheNodesAddress() throws IOException {
    threeNodes();
    pods("v4");
    cluster.pool("10.0.0.0/16", "'vxlanMode': 'Always', 'natOutgoing': true");
    startInSync();
    try (ServerSocketChannel server = lab.node("c").run(ServerSocketChannel::open)) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("198.51.100.3"), 0));
      try (SocketChannel client = lab.pod("10.0.1.1").run(() -> SocketChannel.open())) {
        client.connect(server.getLocalAddress());
        try (SocketChannel accepted = server.accept()) {
          InetSocketAddress seen = (InetSocketAddress) accepted.getRemoteAddress();
          assertThat(seen.getAddress().getHostAddress()).isEqualTo("192.0.2.1");
        }
      }
    }
    assertEveryPodReachesEveryPod();
  }
}
