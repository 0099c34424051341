package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.resource.Kind;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BgpPasswords;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions beside the mesh, live: routers of others, passwords, route reflectors. */
class BgpPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Optional<Path> BIRD = BgpController.program();
  private static final String ROUTER =
      """
      router id 192.0.2.100;
      protocol device { }
      protocol static outside { ipv4; route 172.30.0.0/24 blackhole; }
      protocol bgp node {
        local 192.0.2.100 as 65001;
        neighbor 192.0.2.1 as 64512;
        password "between us";
        connect delay time 1; connect retry time 2; error wait time 1, 3;
        ipv4 { import all; export where proto = "outside"; };
      }
      """;
  private static final String FRR_ROUTER =
      """
      router bgp 65001
       bgp router-id 192.0.2.100
       no bgp ebgp-requires-policy
       no bgp network import-check
       neighbor 192.0.2.1 remote-as 64512
       neighbor 192.0.2.1 password between-us
       neighbor 192.0.2.1 timers connect 2
       neighbor 192.0.2.1 disable-connected-check
       address-family ipv4 unicast
        network 172.30.0.0/24
       exit-address-family
      """;

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();
  private final NodeLab lab = new NodeLab();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final TestCluster cluster = new TestCluster().vxlanPool("10.0.0.0/16", "Never");

  @BeforeAll
  static void requireNamespacesAndBird() {
    Optional<String> reason =
        NetworkNamespace.whyUnavailable()
            .or(() -> BIRD.isPresent() ? Optional.empty() : Optional.of("BIRD is not installed"));
    reason.ifPresent(text -> System.err.println("SKIPPED, tests of BGP peers: " + text));
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

  private void node(String name, int number, Map<String, String> more) {
    String address = "192.0.2." + number + "/24";
    lab.join(name, "fabric", Map.of("192.0.2.254", address));
    Map<String, String> annotations = new TreeMap<>(more);
    annotations.put("IPv4Address", address);
    cluster.node(name, annotations).block("10.0." + number + ".0/26", name);
  }

  private BgpController start(String node) {
    RouteController routes =
        new RouteController(lab.node(node), RouteSettings.defaults(node).withBgp());
    opened.push(routes);
    routes.start(store, InstantSource.system());
    BgpController bgp =
        new BgpController(
            lab.node(node),
            node,
            BIRD.orElseThrow(),
            folder.resolve(node),
            BgpPasswords.in(folder.resolve("secrets")));
    opened.push(bgp);
    bgp.start(store);
    return bgp;
  }

  private List<String> learnt(String node) {
    try (RouteSocket socket = RouteSocket.open(lab.node(node))) {
      return socket.routes(Route.MAIN_TABLE).stream()
          .filter(route -> route.protocol() == 12)
          .map(route ->
              route.destination()
                  + " via "
                  + (route.via() == null ? "" : route.via().getHostAddress()))
          .sorted()
          .toList();
    }
  }

  /** Our node {@code a} and the router of somebody else, who want a password of each other. */
  private BgpController withRouter() {
    lab.subnet("fabric", "192.0.2.254/24");
    node("a", 1, Map.of());
    lab.join("router", "fabric", Map.of("192.0.2.254", "192.0.2.100/24"));
    cluster.add(
        TestCluster.object(
            Kind.BGP_PEER,
            "router",
            "{'peerIP': '192.0.2.100', 'asNumber': 65001,"
                + " 'password': {'secretKeyRef': {'name': 'bgp', 'key': 'router'}}}"));
    cluster.objects().forEach(store::create);
    return start("a");
  }

  private void secret(String value) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("secrets/bgp")).resolve("router"), value);
  }

  @Test
  void aRouterOfAnotherAsIsHeardOnlyWithTheRightPassword() throws Exception {
    BgpController a = withRouter();
    OutsideSpeaker router =
        OutsideSpeaker.bird(
            lab.node("router"), BIRD.orElseThrow(), folder.resolve("router"), ROUTER);
    opened.push(router);
    await()
        .untilAsserted(() ->
            assertThat(a.problems())
                .singleElement()
                .asString()
                .contains("BGPPeer router is left out", "there is no file"));
    secret("something else");
    await().until(() -> a.problems().isEmpty());
    await().during(Duration.ofSeconds(4)).until(() -> learnt("a").isEmpty());

    secret("between us");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(learnt("a")).containsExactly("172.30.0.0/24 via 192.0.2.100"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(router.ask("show route 10.0.1.0/26 all"))
                .contains("via 192.0.2.1 ", "BGP.as_path: 64512"));
  }

  @Test
  void frrIsAPeerLikeAnyOther() throws Exception {
    Optional<Path> frr = OutsideSpeaker.findFrr();
    if (frr.isEmpty()) {
      System.err.println("SKIPPED, session with FRR: it is not installed (apt-get install frr)");
    }
    Assumptions.assumeTrue(frr.isPresent());
    secret("between-us");
    withRouter();
    OutsideSpeaker router =
        OutsideSpeaker.frr(
            lab.node("router"), frr.orElseThrow(), folder.resolve("router"), FRR_ROUTER);
    opened.push(router);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(learnt("a")).containsExactly("172.30.0.0/24 via 192.0.2.100"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(router.ask("show bgp ipv4 unicast 10.0.1.0/26"))
                .contains("64512", "192.0.2.1"));
  }

  @Test
  void nodesWithoutAMeshHearOfEachOtherByAReflector() {
    lab.subnet("fabric", "192.0.2.254/24");
    node("a", 1, Map.of());
    node("b", 2, Map.of());
    node("r", 3, Map.of("RouteReflectorClusterID", "244.0.0.1"));
    cluster.add(
        TestCluster.object(Kind.BGP_CONFIGURATION, "default", "{'nodeToNodeMeshEnabled': false}"));
    cluster.add(
        TestCluster.object(
            Kind.BGP_PEER,
            "to-reflectors",
            "{'nodeSelector': 'all()', 'peerSelector': 'has(reflector)'}"));
    cluster.add(
        TestCluster.object(
            Kind.BGP_PEER,
            "to-clients",
            "{'nodeSelector': 'has(reflector)', 'peerSelector': 'all()'}"));
    cluster.labelled("r", Map.of("reflector", "yes")).objects().forEach(store::create);
    List.of("a", "b", "r").forEach(this::start);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(learnt("a"))
              .containsExactly("10.0.2.0/26 via 192.0.2.2", "10.0.3.0/26 via 192.0.2.3");
          assertThat(learnt("b"))
              .containsExactly("10.0.1.0/26 via 192.0.2.1", "10.0.3.0/26 via 192.0.2.3");
        });
  }
}
