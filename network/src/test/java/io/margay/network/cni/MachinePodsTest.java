package io.margay.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.Machine;
import io.margay.store.local.MemoryStore;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pods of one machine, one after another and two at a time, with real interfaces. */
class MachinePodsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Machine DB = new Machine("net", "prod", "db");
  private static final String WORLD =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: four}
      spec: {cidr: 10.65.0.0/24}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: six}
      spec: {cidr: 'fd00:65::/64'}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: prod}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {namespace: prod, name: db}
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {namespace: prod, name: db}
      """;

  private final MemoryStore store = new MemoryStore();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private NetworkNamespace host;
  private CniPlugin plugin;

  @BeforeAll
  static void requireNamespaces() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, CNI tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  @BeforeEach
  void node() {
    store(WORLD);
    host = closing(NetworkNamespace.create());
    plugin = new CniPlugin("n1", store, host, () -> NOW, PolicyGate.OPEN);
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    store.close();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.push(resource);
    return resource;
  }

  private void store(String yaml) {
    Manifests.Result result = Manifests.read("test", yaml);
    assertThat(result.problems()).isEmpty();
    result.objects().forEach(store::create);
  }

  /** A launcher; its container has the name of the pod. */
  private void pod(String name, String labels, String instanceUid) {
    store(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: prod
          name: %s
          labels: {%s}
          ownerReferences:
          - {apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, name: db, uid: %s,
             controller: true}
        spec: {nodeName: n1, containers: [{name: a, image: b}]}
        """
            .formatted(name, labels, instanceUid));
  }

  private String instanceUid() {
    return machine(Kind.VIRTUAL_MACHINE_INSTANCE).json().at("/metadata/uid").asText();
  }

  private KubeObject machine(Kind kind) {
    return store.get(new ResourceKey(kind, "prod", "db")).orElseThrow();
  }

  private ObjectNode call(String command, String container, String pod, String netns) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", container);
    environment.put("CNI_NETNS", netns);
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", "K8S_POD_NAMESPACE=prod;K8S_POD_NAME=" + pod);
    String config =
        "{\"cniVersion\": \"1.1.0\", \"name\": \"net\", \"type\": \"margay\","
            + " \"ipam\": {\"type\": \"margay\", \"assign_ipv6\": true}}";
    return plugin.call(CniCall.read(environment, config));
  }

  private List<String> add(String container, String pod) {
    NetworkNamespace sandbox = closing(NetworkNamespace.create());
    return call("ADD", container, pod, sandbox.path().toString())
        .path("ips")
        .findValuesAsText("address");
  }

  private void delete(String container, String pod) {
    assertThat(call("DEL", container, pod, "")).isNull();
  }

  /** Of each address: pod that is active, pod that is the alternate. */
  private List<String> owners() {
    return AddressUsage.of(store)
        .allocations()
        .filter(held -> held.handle().equals(DB.handle()))
        .map(held -> held.active().get("pod") + ", " + held.alternate().get("pod"))
        .toList();
  }

  @Test
  void aRestartedMachineKeepsItsAddressesAndADeletedOneGivesThemBack() {
    pod("virt-launcher-db-1", "", instanceUid());
    List<String> first = add("c1", "virt-launcher-db-1");
    assertThat(first).hasSize(2);
    delete("c1", "virt-launcher-db-1");
    assertThat(owners()).containsExactly("null, null", "null, null");

    pod("virt-launcher-db-2", "", instanceUid());
    assertThat(add("c2", "virt-launcher-db-2")).isEqualTo(first);
    // Late, and of a container that is not the machine's any more.
    delete("c1", "virt-launcher-db-1");
    delete("c0", "virt-launcher-db-2");
    assertThat(owners()).containsOnly("virt-launcher-db-2, null");

    store.delete(machine(Kind.VIRTUAL_MACHINE).key(), "");
    store.delete(machine(Kind.VIRTUAL_MACHINE_INSTANCE).key(), "");
    delete("c2", "virt-launcher-db-2");
    assertThat(owners()).isEmpty();
    assertThat(new AddressAllocator(store, () -> NOW, new Random(1)).holdings(DB.handle()))
        .isEmpty();
  }

  @Test
  void aTargetGetsTheSameAddressesAndNeitherPodAStaticRoute() {
    pod("virt-launcher-db-1", "", instanceUid());
    List<String> addresses = add("c1", "virt-launcher-db-1");
    pod("virt-launcher-db-2", "kubevirt.io/migrationJobUID: m1", instanceUid());
    assertThat(add("c2", "virt-launcher-db-2")).isEqualTo(addresses);
    assertThat(owners()).containsOnly("virt-launcher-db-1, virt-launcher-db-2");
    try (RouteSocket routes = RouteSocket.open(host)) {
      assertThat(routes.routes(Route.MAIN_TABLE))
          .noneMatch(route -> addresses.contains(route.destination().toString()));
    }
    delete("c2", "virt-launcher-db-2");
    assertThat(owners()).containsOnly("virt-launcher-db-1, null");
  }

  @Test
  void aTargetOfAMachineWithoutAddressesIsRefused() {
    pod("virt-launcher-db-2", "kubevirt.io/migrationJobUID: m1", instanceUid());
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> add("c2", "virt-launcher-db-2"))
        .withMessageContaining("no address for pod prod/virt-launcher-db-2");
  }

  @Test
  void aPodOfAnEarlierInstanceIsRefused() {
    pod("virt-launcher-db-1", "", "an-earlier-one");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> add("c1", "virt-launcher-db-1"))
        .withMessageContaining("another one of this name");
    assertThat(owners()).isEmpty();
  }
}
