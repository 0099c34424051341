package io.margay.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.Kind;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.PolicyKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be read or found never opens anything, and is told. */
class FailClosedTest {
  private final World world = new World();

  @BeforeEach
  void twoPodsAndANeighbour() {
    world.apply(World.namespace("shop"));
    world.apply(World.pod("shop", "web", "10.0.0.1"));
    world.apply(World.pod("shop", "db", "10.0.0.2"));
    world.apply(World.namespace("dev"));
    world.apply(World.pod("dev", "job", "10.0.1.1"));
    assertThat(world.allows("shop/web", "shop/db", 80)).isTrue();
  }

  @Test
  void policyWithUnreadableSelectorPermitsNothingInItsNamespace() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: broken, namespace: shop}
        spec:
          selector: app == db
          ingress: [{action: Allow}]
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.allows("shop/db", "shop/web", 80)).isFalse();
    assertThat(world.allows("shop/web", "dev/job", 80)).isTrue();
    assertThat(world.problems())
        .singleElement()
        .asString()
        .startsWith("NetworkPolicy shop/broken, spec")
        .contains("permits nothing to all it could select");
  }

  @Test
  void policyWithUnreadableSelectorLeavesWhatOthersOfItsTierAllow() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: broken, namespace: shop}
        spec:
          order: 1
          selector: app == db
          ingress: [{action: Pass}, {action: Allow}]
        ---
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: good, namespace: shop}
        spec:
          order: 2
          ingress: [{action: Allow, protocol: TCP, destination: {ports: [80]}}]
        """);

    // The unreadable policy's Pass might have kept the traffic from the Allow behind it.
    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
  }

  @Test
  void unreadableRuleDeniesOrMatchesNothingByItsAction() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          selector: app == 'db'
          ingress:
          - {action: Allow, source: {nets: [10.0.0.300/32]}}
          - {action: Allow, source: {selector: app == 'web'}}
        """);
    assertThat(world.allows("shop/web", "shop/db", 80)).isTrue();
    assertThat(world.allows("dev/job", "shop/db", 80)).isFalse();

    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          selector: app == 'db'
          ingress:
          - {action: Deny, source: {nets: [10.0.0.300/32]}}
          - {action: Allow}
        """);
    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.problems()).singleElement().asString().contains("spec.ingress[0]");
  }

  @Test
  void badPeerOfAPassRuleDeniesOnlyWhatNoGoodPeerPasses() {
    world.apply(
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: c}
        spec:
          tier: Admin
          priority: 1
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
          ingress:
          - action: Pass
            from:
            - futurePeer: {}
            - pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isTrue();
    assertThat(world.allows("dev/job", "shop/db", 80)).isFalse();
    assertThat(world.problems()).isNotEmpty();
  }

  @Test
  void domainNamesMatchNothingYetAndSaySo() {
    world.apply(
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: c}
        spec:
          tier: Admin
          priority: 1
          subject: {namespaces: {}}
          egress:
          - {action: Accept, to: [{domainNames: [example.org]}]}
          - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
        """);

    assertThat(world.allows("shop/web", "192.0.2.1", 443)).isFalse();
    assertThat(world.problems())
        .singleElement()
        .asString()
        .contains("spec.egress[0].to[0]")
        .contains("domainNames");
  }

  @Test
  void unreadableIpBlockAllowsNobody() {
    world.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: k, namespace: shop}
        spec:
          podSelector: {}
          ingress:
          - from: [{ipBlock: {cidr: 10.0.0.0/99}}]
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
  }

  @Test
  void missingTierIsEvaluatedLastAndDenies() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: g}
        spec: {tier: nowhere, selector: app == 'db', types: [Ingress]}
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.problems()).singleElement().asString().contains("spec.tier \"nowhere\"");

    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: nowhere}
        spec: {order: 5, defaultAction: Pass}
        """);
    assertThat(world.allows("shop/web", "shop/db", 80)).isTrue();
    assertThat(world.problems()).isEmpty();
  }

  @Test
  void missingNamespaceDeniesWhatNoPolicyAllows() {
    world.remove(Kind.NAMESPACE, "", "shop");

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.problems())
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("no such namespace"));
  }

  @Test
  void missingServiceMatchesNothing() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          selector: app == 'web'
          types: [Egress]
          egress: [{action: Allow, destination: {services: {name: db}}}]
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.problems()).singleElement().asString().contains("\"shop/db\"");
  }

  @Test
  void twoPodsWithOneAddressAreMatchedByRulesForEither() {
    world.apply(World.pod("dev", "twin", "10.0.0.1"));
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          selector: app == 'db'
          ingress:
          - {action: Deny, source: {selector: app == 'twin', namespaceSelector: all()}}
          - {action: Allow}
        """);

    assertThat(world.allows("shop/web", "shop/db", 80)).isFalse();
    assertThat(world.problems())
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("10.0.0.1"));
  }

  @Test
  void podsWithoutANetworkOfTheirOwnAreNotSelected() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: g}
        spec:
          selector: app == 'db'
          types: [Ingress]
          ingress: [{action: Allow, source: {selector: app == 'agent' || app == 'done'}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: shop, labels: {app: agent}}
        spec: {nodeName: n1, hostNetwork: true}
        status: {phase: Running, podIPs: [{ip: 172.16.0.1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: done, namespace: shop, labels: {app: done}}
        spec: {nodeName: n1}
        status: {phase: Succeeded, podIPs: [{ip: 10.0.0.9}]}
        """);

    assertThat(world.allows("shop/agent", "shop/db", 80)).isFalse();
    assertThat(world.allows("10.0.0.9", "shop/db", 80)).isFalse();
  }

  @Test
  void podCannotPoseAsOneOfAnotherNamespace() {
    world.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: job
          namespace: dev
          labels: {app: job, pcns.team: a, projectcalico.org/namespace: shop}
        spec: {nodeName: n1}
        status: {phase: Running, podIPs: [{ip: 10.0.1.1}]}
        ---
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: g}
        spec:
          selector: app == 'db'
          types: [Ingress]
          ingress:
          - {action: Allow, source: {namespaceSelector: team == 'a'}}
          - {action: Allow, source: {selector: projectcalico.org/namespace == 'shop'}}
        """);

    assertThat(world.allows("dev/job", "shop/db", 80)).isFalse();
    assertThat(world.allows("shop/web", "shop/db", 80)).isTrue();
  }

  @Test
  void profilesOfHostsMustExist() {
    world.apply(
        """
        apiVersion: projectcalico.org/v3
        kind: HostEndpoint
        metadata: {name: h}
        spec: {node: n1, interfaceName: eth0, expectedIPs: [172.16.0.1], profiles: [gone]}
        """);

    assertThat(world.tcp("192.0.2.1", "host:h", 80).enforced().trace(Direction.INGRESS))
        .singleElement()
        .satisfies(hit -> {
          assertThat(hit.kind()).isEqualTo(PolicyKind.PROFILE);
          assertThat(hit.name()).isEqualTo("gone");
        });
    assertThat(world.problems()).singleElement().asString().contains("spec.profiles[0] \"gone\"");
  }
}
