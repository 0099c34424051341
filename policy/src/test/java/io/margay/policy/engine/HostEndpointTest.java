package io.margay.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.Cidr;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.Stage;
import io.margay.policy.decide.Connection.Via;
import io.margay.policy.engine.Failsafes.Port;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.JudgedEndpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stages of host endpoints, and the ports that no policy closes. */
class HostEndpointTest {
  private static final Via IN = new Via("h", Direction.INGRESS);
  private static final String HOST =
      """
      apiVersion: projectcalico.org/v3
      kind: HostEndpoint
      metadata: {name: h, labels: {role: edge}}
      spec: {node: n1, interfaceName: "%s", expectedIPs: [172.16.0.1]}
      """;

  private static World world(Failsafes failsafes, String interfaceName) {
    World world = new World(failsafes);
    world.apply(World.namespace("shop"));
    world.apply(World.pod("shop", "web", "10.0.0.1"));
    world.apply(HOST.formatted(interfaceName));
    return world;
  }

  private static String policy(String name, String extra, String rules) {
    return """
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkPolicy
    metadata: {name: %s}
    spec: {selector: role == 'edge', types: [Ingress], %s ingress: [%s]}
    """
        .formatted(name, extra, rules);
  }

  @Test
  void hostWithoutPoliciesAndProfilesIsClosedButForwards() {
    World world = world(Failsafes.NONE, "eth0");

    assertThat(world.allows("192.0.2.1", "host:h", 22)).isFalse();
    assertThat(world.allows("host:h", "192.0.2.1", 53)).isFalse();
    assertThat(world.allows("192.0.2.1", "shop/web", 80, IN)).isTrue();
    assertThat(world.tables.endpoints().get(EndpointId.host("h")).judges().keySet())
        .extracting(JudgedEndpoint.Point::stage)
        .containsOnly(Stage.NORMAL);
  }

  @Test
  void failsafesOpenWhatPoliciesClose() {
    World world = world(Failsafes.CALICO, "eth0");
    world.apply(policy("deny", "", "{action: Deny}"));

    assertThat(world.allows("192.0.2.1", "host:h", 22)).isTrue();
    assertThat(world.allows("192.0.2.1", "host:h", 23)).isFalse();
    assertThat(world.allows("host:h", "192.0.2.1", 6443)).isTrue();
    assertThat(world.tcp("192.0.2.1", "host:h", 22).enforced().trace(Direction.INGRESS))
        .singleElement()
        .satisfies(hit -> assertThat(hit.kind()).isEqualTo(PolicyKind.FAILSAFE));
  }

  @Test
  void failsafesDoNotForward() {
    World world = world(Failsafes.CALICO, "eth0");
    world.apply(policy("deny", "applyOnForward: true,", "{action: Deny}"));

    assertThat(world.allows("192.0.2.1", "host:h", 22)).isTrue();
    assertThat(world.allows("192.0.2.1", "shop/web", 22, IN)).isFalse();
  }

  @Test
  void failsafesMayBeLimitedToPeers() {
    Failsafes fromLan =
        new Failsafes(
            List.of(new Port(Protocol.TCP, 22, Cidr.parse("198.51.100.0/24"))), List.of());
    World world = world(fromLan, "eth0");

    assertThat(world.allows("198.51.100.7", "host:h", 22)).isTrue();
    assertThat(world.allows("192.0.2.1", "host:h", 22)).isFalse();
  }

  @Test
  void untrackedStageLetsAnswersToFailsafesThroughByTheirSourcePort() {
    World world = world(Failsafes.CALICO, "eth0");
    world.apply(policy("raw", "applyOnForward: true, doNotTrack: true,", "{action: Deny}"));

    // A failsafe only saves from the stage's own policies; the host's normal stage has it again.
    assertThat(world.allows("192.0.2.1", "host:h", 22)).isTrue();
    assertThat(world.allows("192.0.2.1", "host:h", 80)).isFalse();
    assertThat(world.tcp("192.0.2.1", "host:h", 80).enforced().steps().getLast().stage())
        .isEqualTo(Stage.UNTRACKED);
  }

  @Test
  void preDnatAllowSkipsTheNormalPolicies() {
    World world = world(Failsafes.NONE, "eth0");
    world.apply(
        policy(
            "pre",
            "applyOnForward: true, preDNAT: true,",
            "{action: Allow, protocol: TCP, destination: {ports: [80]}}"));

    assertThat(world.allows("192.0.2.1", "host:h", 80)).isTrue();
    // No default at the end of the tier: the rest goes on to the normal stage, which is closed.
    assertThat(world.tcp("192.0.2.1", "host:h", 81).enforced().steps().getLast().stage())
        .isEqualTo(Stage.NORMAL);
    assertThat(world.allows("192.0.2.1", "shop/web", 81, IN)).isTrue();
  }

  @Test
  void preDnatDenyStopsForwardedTrafficToo() {
    World world = world(Failsafes.NONE, "*");
    world.apply(policy("pre", "applyOnForward: true, preDNAT: true,", "{action: Deny}"));

    assertThat(world.allows("192.0.2.1", "shop/web", 80, IN)).isFalse();
  }

  @Test
  void endpointForAllInterfacesIgnoresUntrackedPolicies() {
    World world = world(Failsafes.NONE, "*");
    world.apply(policy("raw", "applyOnForward: true, doNotTrack: true,", "{action: Deny}"));

    assertThat(world.allows("192.0.2.1", "shop/web", 80, IN)).isTrue();
  }

  @Test
  void forwardedTrafficThatAllTiersPassGoesOn() {
    World world = world(Failsafes.NONE, "eth0");
    world.apply(policy("pass", "applyOnForward: true,", "{action: Pass}"));

    assertThat(world.allows("192.0.2.1", "shop/web", 80, IN)).isTrue();
    assertThat(world.tcp("192.0.2.1", "shop/web", 80, IN).enforced().via().getFirst().trace())
        .hasSize(1);
  }

  @Test
  void untrackedAndPreDnatPoliciesNeverJudgePods() {
    World world = world(Failsafes.NONE, "eth0");
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: pre}
        spec: {applyOnForward: true, preDNAT: true, types: [Ingress], ingress: [{action: Deny}]}
        """);

    assertThat(world.allows("192.0.2.1", "shop/web", 80)).isTrue();
  }
}
