package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.store.local.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses that a pod names, and pools that it or its namespace names. */
class RequestedAddressTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final AddressWishes BOTH = AddressWishes.any(EnumSet.allOf(IpFamily.class));

  private final MemoryStore store = new MemoryStore();
  private final AddressAllocator allocator = new AddressAllocator(store, () -> NOW, new Random(1));
  private final List<String> problems = new ArrayList<>();

  @BeforeEach
  void pools() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: four}
        spec: {cidr: 10.0.0.0/24, blockSize: 28}
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: byhand}
        spec: {cidr: 10.1.0.0/24, assignmentMode: Manual}
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: closed}
        spec: {cidr: 10.2.0.0/24, disabled: true}
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: six}
        spec: {cidr: 'fd00::/64'}
        """);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void store(String yaml) {
    World.objects(yaml).forEach(store::create);
  }

  private Assignment ask(String node, String handle, String address) {
    return allocator.assign(AddressRequest.workload(node, handle), IpAddress.parse(address));
  }

  @Test
  void givesTheAddressFromABlockThatItClaims() {
    Assignment given = ask("n1", "h", "10.0.0.77");
    assertThat(given.shortages()).isEmpty();
    assertThat(World.held(store)).containsOnlyKeys(IpAddress.parse("10.0.0.77"));
    assertThat(store.list(Kind.IPAM_BLOCK, "").items().getFirst().name()).isEqualTo("10-0-0-64-28");
    assertThat(allocator.holdings("h")).isEqualTo(given.holdings());
    allocator.releaseHandle("h");
    assertThat(World.held(store)).isEmpty();
  }

  @Test
  void givesReservedAddressesAndThoseOfManualPools() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPReservation
        metadata: {name: routers}
        spec: {reservedCIDRs: [10.0.0.1]}
        """);
    assertThat(ask("n1", "a", "10.0.0.1").isComplete()).isTrue();
    assertThat(ask("n1", "b", "10.1.0.9").isComplete()).isTrue();
  }

  @Test
  void saysWhoHasIt() {
    ask("n1", "k8s-pod-network.abc", "10.0.0.1");
    assertThat(ask("n2", "b", "10.0.0.1").shortages())
        .containsExactly("10.0.0.1 is in use by k8s-pod-network.abc");
    assertThat(ask("n2", "b", "10.0.0.2").isComplete()).isTrue();
  }

  @Test
  void refusesForeignAddressesAndThoseOfDisabledPools() {
    String reason = " is in no pool that may give it; ask for an address of an enabled pool";
    assertThat(ask("n1", "a", "192.168.1.1").shortages()).containsExactly("192.168.1.1" + reason);
    assertThat(ask("n1", "a", "10.2.0.1").shortages()).containsExactly("10.2.0.1" + reason);
  }

  @Test
  void strictAffinityAndFixedBlocksCountToo() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPAMConfiguration
        metadata: {name: default}
        spec: {strictAffinity: true, autoAllocateBlocks: false}
        """);
    assertThat(ask("n1", "a", "10.0.0.1").shortages())
        .containsExactly("10.0.0.1 is in no block, and autoAllocateBlocks is off");
  }

  @Test
  void strictAffinityKeepsOthersOut() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPAMConfiguration
        metadata: {name: default}
        spec: {strictAffinity: true}
        """);
    assertThat(ask("n1", "a", "10.0.0.1").isComplete()).isTrue();
    assertThat(ask("n2", "b", "10.0.0.2").shortages())
        .containsExactly("10.0.0.2 is in block 10.0.0.0/28 of host:n1, and strictAffinity is on");
  }

  private static ObjectMeta metadata(String namespace, String name, String... annotations) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < annotations.length; i += 2) {
      all.put("cni.projectcalico.org/" + annotations[i], annotations[i + 1]);
    }
    return new ObjectMeta(name, namespace, "", Map.of(), all, "", "", 0, null, null);
  }

  private AddressWishes wishes(ObjectMeta pod, ObjectMeta namespace, AddressWishes defaults) {
    return AddressWishes.of(new Pod(pod, null, null), new Namespace(namespace), defaults, problems);
  }

  @Test
  void thePodGoesBeforeTheNamespaceAndThatBeforeTheConfiguration() {
    AddressWishes config =
        new AddressWishes(
            EnumSet.allOf(IpFamily.class),
            Map.of(),
            Map.of(IpFamily.IPV4, Set.of("c4"), IpFamily.IPV6, Set.of("c6")));
    ObjectMeta plain = metadata("ns", "pod");
    ObjectMeta namespace = metadata("", "ns", "ipv4pools", "[\"n4\"]", "ipFamilies", "[\"IPv4\"]");
    AddressWishes wishes =
        wishes(metadata("ns", "pod", "ipv4pools", "[\"p4\",\"p5\"]"), namespace, config);
    assertThat(wishes.pools())
        .containsEntry(IpFamily.IPV4, Set.of("p4", "p5"))
        .containsEntry(IpFamily.IPV6, Set.of("c6"));
    assertThat(wishes.families()).containsExactly(IpFamily.IPV4);
    assertThat(wishes(plain, namespace, config).pools()).containsEntry(IpFamily.IPV4, Set.of("n4"));
    assertThat(wishes(plain, metadata("", "ns"), config)).isEqualTo(config);
    assertThat(wishes(plain, metadata("", "ns"), BOTH).pools()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void onlyThePodItselfNamesAddresses() {
    ObjectMeta namespace = metadata("", "ns", "ipAddrs", "[\"10.0.0.9\"]");
    assertThat(wishes(metadata("ns", "pod"), namespace, BOTH).addresses()).isEmpty();
    AddressWishes wishes =
        wishes(
            metadata("ns", "pod", "ipAddrs", "[\"fd00::7\"]"),
            namespace,
            AddressWishes.any(Set.of(IpFamily.IPV4)));
    assertThat(wishes.addresses()).containsEntry(IpFamily.IPV6, IpAddress.parse("fd00::7"));
    assertThat(wishes.families()).containsExactlyInAnyOrder(IpFamily.IPV4, IpFamily.IPV6);
  }

  @Test
  void whatCannotBeUnderstoodIsNamed() {
    wishes(
        metadata(
            "ns",
            "pod",
            "ipAddrs",
            "[\"10.0.0.1\",\"10.0.0.2\",\"x\"]",
            "ipv4pools",
            "four",
            "ipFamilies",
            "[\"ipv5\"]"),
        metadata("", "ns", "ipv6pools", "[6]"),
        BOTH);
    String pod = "Pod ns/pod, annotation cni.projectcalico.org/";
    assertThat(problems)
        .hasSize(5)
        .contains(
            pod + "ipFamilies \"ipv5\": write IPv4 or IPv6",
            pod + "ipv4pools four: not a list of texts; write [\"…\"]",
            "Namespace ns, annotation cni.projectcalico.org/ipv6pools [6]: not a list of texts;"
                + " write [\"…\"]",
            pod + "ipAddrs 10.0.0.2: a second IPv4 address; name at most one of each family")
        .anyMatch(problem -> problem.startsWith(pod + "ipAddrs \"x\": "));
  }

  @Test
  void aPodGetsAllItsAddressesOrNone() {
    PodAddresses pods = new PodAddresses(allocator);
    AddressRequest request = AddressRequest.workload("n1", "h");
    Assignment both =
        pods.assign(
            request,
            new AddressWishes(
                BOTH.families(), Map.of(IpFamily.IPV4, IpAddress.parse("10.0.0.5")), Map.of()));
    assertThat(both.holdings()).hasSize(2);
    assertThat(both.holdings().getFirst().address()).isEqualTo(IpAddress.parse("10.0.0.5"));
    allocator.releaseHandle("h");

    Assignment none =
        pods.assign(
            request,
            new AddressWishes(
                BOTH.families(), Map.of(), Map.of(IpFamily.IPV6, Set.of("does-not-exist"))));
    assertThat(none.holdings()).isEmpty();
    assertThat(none.shortages()).containsExactly("no pool gives IPv6 addresses for this request");
    assertThat(World.held(store)).isEmpty();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
  }
}
