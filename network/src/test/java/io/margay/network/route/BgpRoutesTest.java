package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BgpPasswords;
import io.margay.network.bgp.BirdControl;
import io.margay.network.bgp.BirdControl.ProtocolState;
import io.margay.store.local.MemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with real BIRD: blocks travel by BGP alone. */
class BgpRoutesTest {
  private static final Optional<Path> BIRD = BgpController.program();

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();
  private final NodeLab lab = new NodeLab();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, RouteController> controllers = new HashMap<>();

  @BeforeAll
  static void requireNamespacesAndBird() {
    Optional<String> reason =
        NetworkNamespace.whyUnavailable()
            .or(() -> BIRD.isPresent() ? Optional.empty() : Optional.of("BIRD is not installed"));
    reason.ifPresent(text -> System.err.println("SKIPPED, BGP tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    lab.close();
    store.close();
  }

  private BgpController start(String node) {
    RouteController routes =
        new RouteController(lab.node(node), RouteSettings.defaults(node).withBgp());
    opened.push(routes);
    controllers.put(node, routes);
    routes.start(store, InstantSource.system());
    BgpController bgp =
        new BgpController(
            lab.node(node),
            node,
            BIRD.orElseThrow(),
            folder.resolve(node),
            BgpPasswords.in(folder));
    opened.push(bgp);
    bgp.start(store);
    return bgp;
  }

  private List<Route> routesOf(String node) {
    try (RouteSocket socket = RouteSocket.open(lab.node(node))) {
      return socket.routes(Route.MAIN_TABLE);
    }
  }

  /** The block is a's, the machine comes to b. */
  @Test
  void anElevatedRouteBeatsTheOneOfTheNodeThatHasTheBlock() {
    lab.subnet("fabric", "192.0.2.254/24");
    TestCluster cluster = new TestCluster().vxlanPool("10.0.0.0/16", "Never");
    for (String node : List.of("a", "b")) {
      String address = node.equals("a") ? "192.0.2.1/24" : "192.0.2.2/24";
      lab.join(node, "fabric", Map.of("192.0.2.254", address));
      cluster.node(node, Map.of("IPv4Address", address));
    }
    cluster.add(TestCluster.machineBlock("10.0.1.0/26", "a", "10.0.1.9", "vm-1@a", "vm-2@b"));
    cluster.objects().forEach(store::create);
    lab.pod("vm-1", "a", "10.0.1.9");
    lab.pod("vm-2", "b", "10.0.1.9");
    start("a");
    start("b");
    ResourceKey target = new ResourceKey(Kind.POD, "default", "vm-2");
    controllers.get("b").prioritize(Map.of(target, RoutePriority.ELEVATED));
    // The local route of a is still there and has lost.
    await().untilAsserted(() -> assertThat(waysOf("a")).containsExactly("80 1024", "12 768"));

    store.update(TestCluster.machineBlock("10.0.1.0/26", "a", "10.0.1.9", "vm-2@b", "vm-1@a"));
    await().untilAsserted(() -> assertThat(waysOf("a")).containsExactly("12 768"));
    controllers.get("b").prioritize(Map.of());
    await()
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(waysOf("a")).containsExactly("12 768"));

    // And back: nothing of the guest's time is left.
    store.update(TestCluster.machineBlock("10.0.1.0/26", "a", "10.0.1.9", "vm-1@a", ""));
    await().untilAsserted(() -> assertThat(waysOf("a")).containsExactly("80 1024"));
  }

  /** Protocols and metrics of the routes to the machine, the worst first. */
  private List<String> waysOf(String node) {
    return routesOf(node).stream()
        .filter(route -> route.destination().equals(IpPrefix.parse("10.0.1.9/32")))
        .sorted(Comparator.comparing(Route::metric).reversed())
        .map(route -> route.protocol() + " " + route.metric())
        .toList();
  }

  @Test
  void podsReachEachOtherByRoutesThatBirdLearns() throws Exception {
    lab.subnet("fabric", "192.0.2.254/24");
    TestCluster cluster = new TestCluster().vxlanPool("10.0.0.0/16", "Never");
    for (int number = 1; number <= 2; number++) {
      String node = number == 1 ? "a" : "b";
      String address = "192.0.2." + number + "/24";
      lab.join(node, "fabric", Map.of("192.0.2.254", address));
      cluster.node(node, Map.of("IPv4Address", address)).block("10.0." + number + ".0/26", node);
      lab.pod(node + 1, node, "10.0." + number + ".1");
      cluster.pod(node + 1, node, "10.0." + number + ".1");
    }
    cluster.objects().forEach(store::create);
    BgpController a = start("a");
    start("b");
    Route learnt = Route.to(IpPrefix.parse("10.0.2.0/26")).withProtocol(12).withMetric(1024);
    await()
        .untilAsserted(() ->
            assertThat(routesOf("a"))
                .anySatisfy(route -> {
                  assertThat(route.destination()).isEqualTo(learnt.destination());
                  assertThat(route.protocol()).isEqualTo(learnt.protocol());
                  assertThat(route.metric()).isEqualTo(learnt.metric());
                }));
    await().until(() -> lab.connects("10.0.1.1", "10.0.2.1"));
    assertThat(new BirdControl(BgpController.socket(folder.resolve("a"))).protocols())
        .filteredOn(state -> state.type().equals("BGP"))
        .extracting(ProtocolState::name, ProtocolState::info)
        .containsExactly(tuple("Mesh_192_0_2_2", "Established"));
    assertThat(a.problems()).isEmpty();

    // A node that is gone is no peer any more.
    store.delete(new ResourceKey(Kind.NODE, "", "b"), "");
    await().until(() -> routesOf("a").stream().noneMatch(route -> route.protocol() == 12));
  }
}
