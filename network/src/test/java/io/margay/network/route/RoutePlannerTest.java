package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.route.RoutePlan.FarEnd;
import io.margay.network.route.RoutePlan.Way;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutePlannerTest {
  /** {@code a} and {@code b} are on one subnet, {@code far} is on another. */
  private static TestCluster threeNodes() {
    return new TestCluster()
        .node("a", "192.0.2.1/24", "10.0.1.0")
        .node("b", "192.0.2.2/24", "10.0.2.0")
        .node("far", "198.51.100.3/24", "10.0.3.0")
        .block("10.0.1.0/26", "a")
        .block("10.0.2.0/26", "b")
        .block("10.0.3.0/26", "far");
  }

  private static Map<String, String> routes(RoutePlan plan) {
    return plan.routes().entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().toString(), e -> text(e.getValue())));
  }

  private static String text(Way way) {
    return switch (way) {
      case Way.ToPod(String link, boolean elevated) ->
          (elevated ? "elevated " : "") + "pod " + link;
      case Way.Tunnelled(IpAddress farEnd) -> "tunnel " + farEnd;
      case Way.Plain(IpAddress node) -> "plain " + node;
      case Way.Nowhere() -> "nowhere";
    };
  }

  @ParameterizedTest
  @CsvSource({
    "Always, tunnel 10.0.2.0, tunnel 10.0.3.0",
    "CrossSubnet, plain 192.0.2.2, tunnel 10.0.3.0",
    "Never, plain 192.0.2.2,",
  })
  void blocksOfOthersGoAsTheirPoolSays(String mode, String near, String far) {
    RoutePlan plan = threeNodes().vxlanPool("10.0.0.0/16", mode).planOf("a");
    assertThat(routes(plan).get("10.0.1.0/26")).isEqualTo("nowhere");
    assertThat(routes(plan).get("10.0.2.0/26")).isEqualTo(near);
    assertThat(routes(plan).get("10.0.3.0/26")).isEqualTo(far);
    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void withBgpOnlyTheTunnelsAreOurs() {
    TestCluster cluster = threeNodes().vxlanPool("10.0.0.0/16", "Never");
    RoutePlan plan = cluster.plan(RouteSettings.defaults("a").withBgp());
    assertThat(routes(plan)).containsOnlyKeys("10.0.1.0/26");
    assertThat(plan.tunnels()).isEmpty();
  }

  @Test
  void aTunnelKnowsEveryOtherEnd() {
    RoutePlan plan = threeNodes().vxlanPool("10.0.0.0/16", "Always").planOf("a");
    RoutePlan.Tunnel tunnel = plan.tunnels().get(IpFamily.IPV4);
    // What printf a | sha1sum and printf b | sha1sum begin with.
    assertThat(tunnel.mac()).isEqualTo(MacAddress.parse("66:86:f7:e4:37:fa"));
    assertThat(tunnel.local()).isEqualTo(IpAddress.parse("192.0.2.1"));
    assertThat(tunnel.farEnds())
        .containsOnlyKeys(IpAddress.parse("10.0.2.0"), IpAddress.parse("10.0.3.0"))
        .containsEntry(
            IpAddress.parse("10.0.2.0"),
            new FarEnd(MacAddress.parse("66:e9:d7:1f:5e:e7"), IpAddress.parse("192.0.2.2")));
  }

  @Test
  void theAnnotationOfTheMacAddressCounts() {
    RoutePlan plan =
        threeNodes()
            .node(
                "b",
                Map.of(
                    "IPv4Address", "192.0.2.2/24",
                    "IPv4VXLANTunnelAddr", "10.0.2.0",
                    "VXLANTunnelMACAddr", "02:00:00:00:00:07"))
            .vxlanPool("10.0.0.0/16", "Always")
            .planOf("a");
    assertThat(plan.tunnels().get(IpFamily.IPV4).farEnds().get(IpAddress.parse("10.0.2.0")).mac())
        .isEqualTo(MacAddress.parse("02:00:00:00:00:07"));
  }

  @Test
  void borrowedAddressesAreWhereTheirHolderIs() {
    RoutePlan plan =
        threeNodes()
            .block("10.0.1.0/26", "a", Map.of("10.0.1.7", "b", "10.0.1.8", "a"))
            .block("10.0.2.0/26", "b", Map.of("10.0.2.9", "far", "10.0.2.10", "a"))
            .vxlanPool("10.0.0.0/16", "Always")
            .planOf("a");
    assertThat(routes(plan))
        .containsEntry("10.0.1.7/32", "tunnel 10.0.2.0")
        .containsEntry("10.0.2.9/32", "tunnel 10.0.3.0")
        .doesNotContainKeys("10.0.1.8/32", "10.0.2.10/32");
  }

  @Test
  void podsHereGoToTheirInterfaces() {
    RoutePlan plan =
        threeNodes()
            .vxlanPool("10.0.0.0/16", "Always")
            .pod("web", "a", "10.0.1.5")
            .pod("guest", "a", "10.0.2.10")
            .pod("elsewhere", "b", "10.0.2.11")
            .planOf("a");
    assertThat(routes(plan))
        .hasEntrySatisfying("10.0.1.5/32", way -> assertThat(way).startsWith("pod cali"))
        .hasEntrySatisfying("10.0.2.10/32", way -> assertThat(way).startsWith("pod cali"))
        .doesNotContainKey("10.0.2.11/32");
  }

  @Test
  void aBlockOfOneAddressIsNotSwallowed() {
    RoutePlan plan =
        new TestCluster()
            .node("a", "192.0.2.1/24", "10.0.1.0")
            .block("10.0.1.5/32", "a")
            .vxlanPool("10.0.0.0/16", "Always")
            .planOf("a");
    assertThat(plan.routes()).isEmpty();
  }

  @Test
  void bothFamiliesAreRoutedEachByItsOwnTunnel() {
    RoutePlan plan =
        new TestCluster()
            .node("a", both("192.0.2.1/24", "10.0.1.0", "2001:db8::1/64", "fd00:1::"))
            .node("b", both("192.0.2.2/24", "10.0.2.0", "2001:db8::2/64", "fd00:2::"))
            .vxlanPool("10.0.0.0/16", "Always")
            .vxlanPool("fd00::/16", "Always")
            .block("10.0.2.0/26", "b")
            .block("fd00:2::/122", "b")
            .planOf("a");
    assertThat(routes(plan))
        .containsEntry("10.0.2.0/26", "tunnel 10.0.2.0")
        .containsEntry("fd00:2::/122", "tunnel fd00:2::");
    // What printf b-v6 | sha1sum begins with.
    assertThat(plan.tunnels().get(IpFamily.IPV6).farEnds().get(IpAddress.parse("fd00:2::")).mac())
        .isEqualTo(MacAddress.parse("66:05:90:f3:54:e9"));
  }

  private static Map<String, String> both(String v4, String tunnel4, String v6, String tunnel6) {
    return Map.of(
        "IPv4Address", v4,
        "IPv4VXLANTunnelAddr", tunnel4,
        "IPv6Address", v6,
        "IPv6VXLANTunnelAddr", tunnel6);
  }

  @Test
  void whatCannotBeRoutedForSureIsNotRouted() {
    RoutePlan plan =
        threeNodes()
            .node("b", Map.of("IPv4Address", "192.0.2.2/24"))
            .block("10.0.4.0/26", "gone")
            .block("172.16.0.0/26", "far")
            .vxlanPool("10.0.0.0/16", "Always")
            .planOf("a");
    assertThat(routes(plan)).containsOnlyKeys("10.0.1.0/26", "10.0.3.0/26");
    assertThat(plan.problems())
        .containsExactly(
            "Node b has no annotation projectcalico.org/IPv4VXLANTunnelAddr yet: not reached by"
                + " VXLAN",
            "Node gone has no IPv4 address: not routed",
            "block 172.16.0.0/26 is of no pool: it is not routed");
  }

  @Test
  void ofTwoNodesWithOneTunnelAddressOneIsReached() {
    RoutePlan plan =
        threeNodes()
            .node("far", "198.51.100.3/24", "10.0.2.0")
            .vxlanPool("10.0.0.0/16", "Always")
            .planOf("a");
    assertThat(routes(plan)).containsKey("10.0.2.0/26").doesNotContainKey("10.0.3.0/26");
    assertThat(plan.problems())
        .containsExactly("Node far: another node has its tunnel address too");
  }

  @ParameterizedTest
  @CsvSource({
    "vxlanMode, Sometimes, its encapsulation cannot be read",
    "ipipMode, Always, ipipMode is not supported",
  })
  void anUnknownEncapsulationIsNotLeftOut(String field, String value, String problem) {
    String spec = "'" + field + "': '" + value + "'";
    RoutePlan plan = threeNodes().pool("10.0.0.0/16", spec).planOf("a");
    assertThat(routes(plan)).containsOnlyKeys("10.0.1.0/26");
    assertThat(plan.problems()).singleElement().asString().contains(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "IPv4Address, 192.0.2.300/24",
    "IPv4Address, 2001:db8::1/64",
    "IPv4VXLANTunnelAddr, ten",
    "VXLANTunnelMACAddr, 66:00",
  })
  void anUnreadableAnnotationNamesNodeAndValue(String annotation, String value) {
    Map<String, String> annotations = new HashMap<>(Map.of("IPv4Address", "192.0.2.2/24"));
    annotations.put(annotation, value);
    TestCluster cluster = threeNodes().node("b", annotations).vxlanPool("10.0.0.0/16", "Always");
    assertThat(cluster.seenBy("a").problems())
        .singleElement()
        .asString()
        .startsWith("Node b, annotation projectcalico.org/" + annotation + " \"" + value + "\"");
    assertThat(routes(cluster.planOf("a"))).doesNotContainKey("10.0.2.0/26");
  }

  @Test
  void onlyPacketsThatLeaveThePoolsGetTheNodesAddress() {
    RoutePlan plan =
        new TestCluster()
            .pool("10.0.0.0/16", "'natOutgoing': true")
            .pool("10.0.7.0/24", "'disabled': true, 'natOutgoing': true")
            .pool("172.16.0.0/16", "'disabled': true")
            .pool("192.168.0.0/24", "'allowedUses': ['LoadBalancer'], 'natOutgoing': true")
            .planOf("a");
    assertThat(plan.nat().sources()).containsExactly(Cidr.parse("10.0.0.0/16"));
    assertThat(plan.nat().inside())
        .containsExactlyElementsOf(List.of(Cidr.parse("10.0.0.0/16"), Cidr.parse("172.16.0.0/16")));
  }

  /** The block is {@code a}'s; the machine moves from {@code vm-1} on a to {@code vm-2} on b. */
  @ParameterizedTest
  @CsvSource({
    // active, alternate, priority of vm-2; how a, b and far go
    "vm-1@a,       , NORMAL,   vm-1,              block,         block",
    "vm-1@a, vm-2@b, NORMAL,   vm-1,              block,         block",
    "vm-1@a, vm-2@b, NONE,     vm-1,              block,         block",
    "vm-1@a, vm-2@b, ELEVATED, vm-1,              elevated vm-2, block",
    "vm-2@b, vm-1@a, ELEVATED, tunnel 10.0.2.0,   elevated vm-2, tunnel 10.0.2.0",
    "vm-2@b, vm-1@a, NORMAL,   tunnel 10.0.2.0,   vm-2,          tunnel 10.0.2.0",
    "vm-2@b,       , NORMAL,   tunnel 10.0.2.0,   vm-2,          tunnel 10.0.2.0",
    // The target came to nothing after it had taken over: nobody has the machine for sure.
    "vm-2@b, vm-1@a, NONE,     tunnel 10.0.2.0,   block,         tunnel 10.0.2.0",
    "      ,       , NORMAL,   block,             block,         block",
  })
  void aMachineHasOneWayEverywhere(
      String active, String alternate, RoutePriority priority, String a, String b, String far) {
    TestCluster cluster =
        threeNodes()
            .vxlanPool("10.0.0.0/16", "Always")
            .add(
                TestCluster.machineBlock(
                    "10.0.1.64/26",
                    "a",
                    "10.0.1.70",
                    active == null ? "" : active,
                    alternate == null ? "" : alternate))
            // Both pods have the address in their status, as Kubernetes shows it.
            .pod("vm-1", "a", "10.0.1.70")
            .pod("vm-2", "b", "10.0.1.70");
    for (String[] expected : new String[][] {{"a", a}, {"b", b}, {"far", far}}) {
      ClusterCollector seen = cluster.seenBy(expected[0]);
      seen.setPriorities(Map.of(new ResourceKey(Kind.POD, "default", "vm-2"), priority));
      RoutePlan plan = RoutePlanner.plan(RouteSettings.defaults(expected[0]), seen.view());
      assertThat(wayOf(plan, "10.0.1.70/32")).as(expected[0]).isEqualTo(expected[1]);
    }
  }

  private static String wayOf(RoutePlan plan, String cidr) {
    return routes(plan)
        .getOrDefault(cidr, "block")
        .replace("pod " + NodeLab.hostInterface("vm-1"), "vm-1")
        .replace("pod " + NodeLab.hostInterface("vm-2"), "vm-2");
  }
}
