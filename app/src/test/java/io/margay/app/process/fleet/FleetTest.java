package io.margay.app.process.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.app.lab.NeedsNamespaces;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.bgp.BgpController;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two, three and ten nodes with policies, routes and the CNI plugin: every pod reaches every pod,
 * and the kernels' route tables are those of a model, also after a node was killed or lost.
 */
@NeedsNamespaces
class FleetTest {
  private static final Duration CONVERGENCE = Duration.ofSeconds(60);
  private static final String POLICY =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {namespace: default, name: guarded}
      spec:
        selector: app == 'pod-%d'
        types: [Ingress]
        ingress: [{action: Allow, source: {selector: app == 'pod-%d'}}]
      """;

  @TempDir Path folder;
  private Fleet fleet;
  private RouteModel model;

  @AfterEach
  void close() {
    if (fleet != null) {
      fleet.close();
    }
  }

  /** Nodes with a pod each: {@code pod-1} on {@code node-1} and so on. */
  private void start(int nodes, String travel) throws IOException {
    boolean bgp = travel.equals("bgp");
    if (bgp && BgpController.program().isEmpty()) {
      System.err.println("SKIPPED, fleet by BGP: BIRD is not installed (apt-get install bird2)");
      Assumptions.abort("BIRD is not installed");
    }
    fleet = new Fleet(folder, bgp);
    model = new RouteModel(fleet.store, bgp);
    fleet.create(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: default}
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: pods}
        spec: {cidr: 10.65.0.0/16, vxlanMode: %s}
        """
            .formatted(bgp ? "Never" : "Always"));
    for (int number = 1; number <= nodes; number++) {
      fleet.join("node-" + number, "192.0.2." + number);
    }
    for (int number = 1; number <= nodes; number++) {
      fleet.run("pod-" + number, "node-" + number);
    }
    awaitTables();
  }

  /** Until every kernel has just the routes of the model. */
  private void awaitTables() {
    await()
        .atMost(CONVERGENCE)
        .untilAsserted(() ->
            fleet
                .nodes()
                .forEach(
                    (name, node) -> assertThat(node.routes()).as(name).isEqualTo(model.of(name))));
  }

  private void assertEveryPodReachesEveryPod() throws IOException {
    List<String> cut = new ArrayList<>();
    for (String from : fleet.pods()) {
      for (String to : fleet.pods()) {
        if (!from.equals(to) && !fleet.reaches(from, to)) {
          cut.add(from + " to " + to);
        }
      }
    }
    assertThat(cut).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, vxlan", "3, vxlan", "10, vxlan", "2, bgp", "3, bgp", "10, bgp"})
  void everyPodReachesEveryPodAndPoliciesHold(int nodes, String travel) throws IOException {
    start(nodes, travel);
    assertEveryPodReachesEveryPod();

    fleet.create(POLICY.formatted(1, nodes));
    String stranger = "pod-2";
    if (nodes > 2) {
      await().until(() -> fleet.isCut(stranger, "pod-1"));
    }
    assertThat(fleet.reaches("pod-" + nodes, "pod-1")).isTrue();
    fleet.store.delete(new ResourceKey(Kind.NETWORK_POLICY, "default", "guarded"), "");

    fleet.create(POLICY.formatted(nodes, nodes));
    await().until(() -> fleet.isCut("pod-1", "pod-" + nodes));
    assertThat(fleet.reaches("pod-" + nodes, "pod-1")).isTrue();
  }

  @Test
  void aPodIsReadyWhenItsAddReturns() throws IOException {
    start(1, "vxlan");
    for (int number = 1; number <= 5; number++) {
      String pod = "early-" + number;
      fleet.attach(pod, "node-1");
      assertThat(fleet.reachesAtOnce(pod, "pod-1")).as(pod).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vxlan", "bgp"})
  void aKilledNodeAndALostOneConverge(String travel) throws IOException {
    start(3, travel);
    fleet.node("node-2").kill();
    assertEveryPodReachesEveryPod();
    // While nobody looks, another node gets and loses a pod.
    fleet.join("node-4", "192.0.2.4");
    fleet.run("pod-4", "node-4");
    fleet.node("node-2").start(fleet.store);
    awaitTables();
    assertEveryPodReachesEveryPod();

    fleet.lose("node-2");
    awaitTables();
    assertThat(fleet.node("node-1").routes()).hasSize(4);
    assertEveryPodReachesEveryPod();

    fleet.join("node-2", "192.0.2.2");
    fleet.forget("pod-2", "node-2");
    fleet.run("pod-2", "node-2");
    awaitTables();
    assertThat(fleet.node("node-1").routes()).hasSize(5);
    assertEveryPodReachesEveryPod();
  }
}
