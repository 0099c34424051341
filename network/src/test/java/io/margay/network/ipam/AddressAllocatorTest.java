package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressAllocatorTest {
  private final MemoryStore store = new MemoryStore();
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final AddressAllocator allocator = new AddressAllocator(store, () -> now, new Random(1));

  @AfterEach
  void close() {
    store.close();
  }

  private void pool(String name, String spec) {
    store(
        "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: "
            + name
            + "}\nspec: "
            + spec);
  }

  private void configuration(String spec) {
    store(
        "apiVersion: projectcalico.org/v3\nkind: IPAMConfiguration\nmetadata: {name: default}\n"
            + "spec: "
            + spec);
  }

  private void store(String yaml) {
    World.objects(yaml).forEach(store::create);
  }

  private static AddressRequest request(String node, String handle) {
    return AddressRequest.workload(node, handle);
  }

  private String give(String node, String handle) {
    Assignment assignment = allocator.assign(request(node, handle));
    assertThat(assignment.shortages()).isEmpty();
    return assignment.holdings().getFirst().address().toString();
  }

  @Test
  void givesBothFamiliesIpv4First() {
    pool("four", "{cidr: 10.0.0.0/24}");
    pool("six", "{cidr: 'fd00::/64'}");
    Assignment assignment = allocator.assign(request("n1", "h").with(1, 1));
    assertThat(assignment.isComplete()).isTrue();
    assertThat(assignment.holdings().get(0).address().family().version()).isEqualTo(4);
    assertThat(assignment.holdings().get(1).address().family().version()).isEqualTo(6);
    assertThat(store.list(Kind.IPAM_BLOCK, "").items()).hasSize(2);
  }

  @Test
  void blocksAndAffinitiesLookLikeCalicos() {
    pool("four", "{cidr: 10.0.0.0/26}");
    give("n1", "k8s-pod-network.abc");
    KubeObject block = store.get(new ResourceKey(Kind.IPAM_BLOCK, "", "10-0-0-0-26")).orElseThrow();
    assertThat(World.spec(block).path("affinity").asText()).isEqualTo("host:n1");
    assertThat(World.spec(block).at("/allocations/0").asInt(-1)).isZero();
    assertThat(World.spec(block).at("/allocations/1").isNull()).isTrue();
    assertThat(World.spec(block).at("/attributes/0/handle_id").asText())
        .isEqualTo("k8s-pod-network.abc");
    assertThat(World.spec(block).at("/attributes/0/secondary/node").asText()).isEqualTo("n1");
    KubeObject affinity =
        store.get(new ResourceKey(Kind.BLOCK_AFFINITY, "", "n1-10-0-0-0-26")).orElseThrow();
    assertThat(World.spec(affinity).path("state").asText()).isEqualTo("confirmed");
    KubeObject handle =
        store.get(new ResourceKey(Kind.IPAM_HANDLE, "", "k8s-pod-network.abc")).orElseThrow();
    assertThat(World.spec(handle).path("block").path("10.0.0.0/26").asInt()).isEqualTo(1);
  }

  @Test
  void releasedAddressesAreTheLastToBeGivenAgain() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    assertThat(give("n1", "a")).isEqualTo("10.0.0.0");
    allocator.releaseHandle("a");
    assertThat(give("n1", "b")).isEqualTo("10.0.0.1");
    assertThat(give("n1", "c")).isEqualTo("10.0.0.2");
    assertThat(give("n1", "d")).isEqualTo("10.0.0.3");
    assertThat(give("n1", "e")).isEqualTo("10.0.0.0");
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).hasSize(4);
  }

  @Test
  void aReleasedAddressCoolsDown() {
    pool("four", "{cidr: 10.0.0.0/32, blockSize: 32}");
    configuration("{ipCooldownSeconds: 60}");
    give("n1", "a");
    allocator.releaseHandle("a");
    now = now.plusSeconds(59);
    assertThat(allocator.assign(request("n1", "b")).holdings()).isEmpty();
    now = now.plusSeconds(1);
    assertThat(give("n1", "b")).isEqualTo("10.0.0.0");
  }

  @Test
  void aReleaseCannotHitALaterHolder() {
    pool("four", "{cidr: 10.0.0.0/32, blockSize: 32}");
    Holding first = allocator.assign(request("n1", "a")).holdings().getFirst();
    assertThat(allocator.release(first)).isTrue();
    Holding second = allocator.assign(request("n1", "a")).holdings().getFirst();
    assertThat(second.address()).isEqualTo(first.address());
    assertThat(allocator.release(first)).isFalse();
    assertThat(World.held(store)).containsEntry(second.address(), second);
  }

  @Test
  void reservedAddressesAreNotGiven() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPReservation
        metadata: {name: routers}
        spec: {reservedCIDRs: [10.0.0.0/31]}
        """);
    assertThat(give("n1", "a")).isEqualTo("10.0.0.2");
  }

  @Test
  void borrowsWhenThereIsNoBlockLeft() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    give("n1", "a");
    assertThat(give("n2", "b")).isEqualTo("10.0.0.1");
    assertThat(store.list(Kind.BLOCK_AFFINITY, "").items()).hasSize(1);
  }

  @Test
  void strictAffinityDoesNotBorrow() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    configuration("{strictAffinity: true}");
    give("n1", "a");
    assertThat(allocator.assign(request("n2", "b")).shortages())
        .containsExactly("no free address in the blocks of host:n2, and no block to claim");
  }

  @Test
  void anOwnerAtItsLimitDoesNotBorrow() {
    pool("four", "{cidr: 10.0.0.0/29, blockSize: 31}");
    configuration("{strictAffinity: true, maxBlocksPerHost: 1}");
    Assignment assignment = allocator.assign(request("n1", "a").with(3, 0));
    assertThat(assignment.holdings()).hasSize(2);
    assertThat(assignment.shortages())
        .containsExactly("host:n1 has 1 blocks, the most that it may have");
  }

  @Test
  void takesABlockThatItsOwnerDoesNotUse() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    configuration("{strictAffinity: true}");
    give("n1", "a");
    allocator.releaseHandle("a");
    assertThat(allocator.assign(request("n2", "b")).holdings()).isEmpty();
    now = now.plus(Duration.ofSeconds(61));
    give("n2", "b");
    assertThat(store.list(Kind.BLOCK_AFFINITY, "").items())
        .singleElement()
        .satisfies(a -> assertThat(World.spec(a).path("node").asText()).isEqualTo("n2"));
  }

  @Test
  void poolsServeWhomTheySelect() {
    pool("all", "{cidr: 10.0.0.0/24}");
    pool("blue", "{cidr: 10.1.0.0/24, namespaceSelector: color == 'blue'}");
    pool("byhand", "{cidr: 10.2.0.0/24, assignmentMode: Manual}");
    pool("services", "{cidr: 10.3.0.0/24, allowedUses: [LoadBalancer]}");
    assertThat(give("n1", "a")).startsWith("10.0.0.");
    assertThat(allocator.assign(named("n1", "b", "byhand")).holdings().getFirst().address())
        .asString()
        .startsWith("10.2.0.");
    assertThat(allocator.assign(named("n1", "c", "10.1.0.0/24")).holdings().getFirst().address())
        .asString()
        .startsWith("10.1.0.");
    assertThat(allocator.assign(named("n1", "d", "services")).shortages())
        .containsExactly("no pool gives IPv4 addresses for this request");
    Assignment service =
        allocator.assign(
            new AddressRequest(
                BlockOwner.LOAD_BALANCER,
                Map.of(),
                Map.of(),
                IpPool.Use.LOAD_BALANCER,
                "lb-1",
                Map.of("service", "prod/web"),
                1,
                0,
                Set.of(),
                0));
    assertThat(service.holdings().getFirst().address()).asString().startsWith("10.3.0.");
    assertThat(
            store.list(Kind.IPAM_BLOCK, "").items().getLast().json().at("/spec/affinity").asText())
        .isEqualTo("virtual:load-balancer");
  }

  private static AddressRequest named(String node, String handle, String pool) {
    return request(node, handle).from(Set.of(pool));
  }

  @Test
  void ofOverlappingPoolsOnlyTheFirstIsUsed() {
    pool("a", "{cidr: 10.0.0.0/30, blockSize: 32}");
    pool("b", "{cidr: 10.0.0.0/29, blockSize: 29}");
    Assignment assignment = allocator.assign(request("n1", "h").with(5, 0));
    assertThat(assignment.holdings()).hasSize(4);
    assertThat(assignment.shortages())
        .first()
        .isEqualTo("IPPool b overlaps IPPool a and is not used");
  }

  @Test
  void aDamagedBlockIsNotTouched() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    give("n1", "a");
    KubeObject block = store.list(Kind.IPAM_BLOCK, "").items().getFirst();
    KubeObject damaged = new KubeObject(block.kind(), block.json().deepCopy());
    ((ArrayNode) World.spec(damaged).get("unallocated")).add(0);
    store.update(damaged);
    Assignment assignment = allocator.assign(request("n1", "b"));
    assertThat(assignment.holdings()).isEmpty();
    assertThat(assignment.shortages().getFirst())
        .contains("IPAMBlock 10-0-0-0-30, spec.unallocated[3]")
        .contains("free twice, or free and allocated");
    assertThatThrownBy(() -> allocator.releaseHandle("a"))
        .isInstanceOf(DamagedBlockException.class);
  }

  @Test
  void aDamagedReservationStopsAllocation() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 30}");
    KubeObject reservation =
        World.objects(
                """
                apiVersion: projectcalico.org/v3
                kind: IPReservation
                metadata: {name: routers}
                spec: {reservedCIDRs: [10.0.0.0/31]}
                """)
            .getFirst();
    KubeObject damaged = new KubeObject(reservation.kind(), reservation.json().deepCopy());
    ((ArrayNode) World.spec(damaged).get("reservedCIDRs")).add("10.0.0.x");
    store.create(damaged);
    Assignment assignment = allocator.assign(request("n1", "b"));
    assertThat(assignment.holdings()).isEmpty();
    assertThat(assignment.shortages().getFirst()).contains("10.0.0.x");
  }

  @Test
  void aForgottenOwnersAddressesStay() {
    pool("four", "{cidr: 10.0.0.0/30, blockSize: 31}");
    Holding holding = allocator.assign(request("n1", "a")).holdings().getFirst();
    allocator.forget(BlockOwner.node("n1"));
    assertThat(World.held(store)).containsOnlyKeys(holding.address());
    assertThat(store.list(Kind.BLOCK_AFFINITY, "").items()).isEmpty();
    allocator.releaseHandle("a");
    assertThat(store.list(Kind.IPAM_BLOCK, "").items()).isEmpty();
  }

  @Test
  void twoHundredAllocatorsNeverGiveAnAddressTwice() throws Exception {
    pool("four", "{cidr: 10.0.0.0/20, blockSize: 28}");
    int allocators = 200;
    int each = 10;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<IpAddress>>> all =
          IntStream.range(0, allocators)
              .mapToObj(n -> threads.submit(() -> fill("n" + n, each)))
              .toList();
      Set<IpAddress> given = new HashSet<>();
      for (Future<List<IpAddress>> addresses : all) {
        given.addAll(addresses.get());
      }
      assertThat(given).hasSize(allocators * each);
      assertThat(World.held(store).keySet()).isEqualTo(given);
    }
  }

  private List<IpAddress> fill(String node, int count) {
    AddressAllocator own = new AddressAllocator(store, () -> now, new Random(node.hashCode()));
    return IntStream.range(0, count)
        .mapToObj(i -> own.assign(request(node, node + "." + i)).holdings().getFirst().address())
        .toList();
  }

  /** Operations by this seed; a million of them take some minutes: -Dmargay.ipam.operations. */
  @Test
  void randomOperationsLeaveNoLeak() {
    pool("four", "{cidr: 10.0.0.0/26, blockSize: 29}");
    int operations = Integer.getInteger("margay.ipam.operations", 20_000);
    Random dice = new Random(20261128);
    List<String> handles = new ArrayList<>();
    Map<IpAddress, Holding> expected = new HashMap<>();
    for (int i = 0; i < operations; i++) {
      now = now.plusMillis(dice.nextInt(500));
      String node = "n" + dice.nextInt(12);
      int choice = dice.nextInt(100);
      if (choice < 50) {
        String handle = "h" + i;
        Assignment got = allocator.assign(request(node, handle).with(1 + dice.nextInt(3), 0));
        for (Holding holding : got.holdings()) {
          assertThat(expected.put(holding.address(), holding)).isNull();
        }
        handles.add(handle);
      } else if (choice < 80 && !handles.isEmpty()) {
        String handle = handles.remove(dice.nextInt(handles.size()));
        allocator.releaseHandle(handle);
        expected.values().removeIf(holding -> holding.handle().equals(handle));
      } else if (choice < 98 && !expected.isEmpty()) {
        List<Holding> all = List.copyOf(expected.values());
        Holding one = all.get(dice.nextInt(all.size()));
        assertThat(allocator.release(one)).isTrue();
        expected.remove(one.address());
      } else {
        allocator.forget(BlockOwner.node(node));
      }
    }
    assertThat(World.held(store)).isEqualTo(expected);
    handles.forEach(allocator::releaseHandle);
    assertThat(World.held(store)).isEmpty();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
    IntStream.range(0, 12).forEach(n -> allocator.forget(BlockOwner.node("n" + n)));
    assertThat(store.list(Kind.IPAM_BLOCK, "").items()).isEmpty();
    assertThat(store.list(Kind.BLOCK_AFFINITY, "").items()).isEmpty();
  }
}
