package io.margay.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.Cidr;
import io.margay.model.resource.Kind;
import io.margay.policy.table.TableDelta;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How little a change touches. */
class TableDeltaTest {
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: %s}]
      """;

  private final World world = new World();

  @BeforeEach
  void shop() {
    world.apply(World.namespace("shop"));
    world.apply(World.pod("shop", "web", "10.0.0.1"));
    world.apply(World.pod("shop", "db", "10.0.0.2"));
    world.apply(POLICY.formatted("5432"));
  }

  @Test
  void nothingChangesNothing() {
    assertThat(world.apply(POLICY.formatted("5432")).isEmpty()).isTrue();
  }

  @Test
  void podLikeItsSiblingIsOnePrefixAndOneEndpoint() {
    TableDelta delta =
        world.apply(World.pod("shop", "web2", "10.0.0.3").replace("app: web2", "app: web"));

    assertThat(delta.classesSet())
        .containsExactly(
            java.util.Map.entry(
                Cidr.parse("10.0.0.3/32"), world.tables.classes().get(Cidr.parse("10.0.0.1/32"))));
    assertThat(delta.endpointsSet()).hasSize(1);
    assertThat(delta.groupsSet()).isEmpty();
    assertThat(delta.portTablesSet()).isEmpty();
    assertThat(delta.outcomesSet()).isEmpty();
  }

  @Test
  void podWithAClassOfItsOwnIsOneEditOfTheGroupsThatTellItApart() {
    world.apply(World.pod("shop", "batch", "10.0.0.7").replace("app: batch", "app: db"));
    TableDelta delta =
        world.apply(
            World.pod("shop", "both", "10.0.0.8").replace("app: both", "app: web, tier: data"));

    int peerClass = world.tables.classes().get(Cidr.parse("10.0.0.8/32"));
    assertThat(delta.groupsSet()).isEmpty();
    assertThat(delta.groupsEdited().values())
        .allSatisfy(edit -> assertThat(edit.set()).containsOnlyKeys(peerClass));
  }

  @Test
  void addressThatNoRuleAsksAboutIsNotPublished() {
    TableDelta delta = world.apply(World.pod("shop", "other", "10.0.0.4"));

    assertThat(delta.classesSet()).isEmpty();
    assertThat(delta.endpointsSet()).hasSize(1);
  }

  @Test
  void editedRuleKeepsGroupsAndEndpoints() {
    TableDelta delta = world.apply(POLICY.formatted("5433"));

    assertThat(delta.portTablesSet()).hasSize(1);
    assertThat(delta.portTablesRemoved()).hasSize(1);
    assertThat(delta.groupsSet()).isEmpty();
    assertThat(delta.groupsEdited()).hasSize(1);
    assertThat(delta.groupsRemoved()).isEmpty();
    assertThat(delta.endpointsSet()).isEmpty();
    assertThat(delta.classesSet()).isEmpty();
  }

  @Test
  void removedPolicyLeavesNothingBehind() {
    world.remove(Kind.KUBERNETES_NETWORK_POLICY, "shop", "db");

    assertThat(world.engine.stats().questions()).isZero();
    assertThat(world.engine.stats().classes()).isEqualTo(2);
    assertThat(world.engine.stats().activePolicies()).isZero();
    assertThat(world.tables.classes()).hasSize(2);
    assertThat(world.tables.groups()).hasSize(world.engine.stats().groups());
    assertThat(world.tables.outcomes()).hasSize(world.engine.stats().outcomes());
  }

  @Test
  void policyThatGovernsNobodyHereAsksNothing() {
    world.apply(
        POLICY.formatted("1").replace("app: db", "app: none").replace("name: db", "name: x"));

    assertThat(world.engine.stats().policies()).isEqualTo(2);
    assertThat(world.engine.stats().activePolicies()).isEqualTo(1);
  }
}
