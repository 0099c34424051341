package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.Finding.Fault;
import io.margay.network.ipam.LeakRepair.Sighting;
import io.margay.network.ipam.LeakRepair.Step;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IpamCheckTest {
  private static final Duration GRACE = Duration.ofMinutes(15);

  private final MemoryStore store = new MemoryStore();
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final AddressAllocator allocator = new AddressAllocator(store, () -> now, new Random(1));
  private final LeakRepair repair = new LeakRepair(store, () -> now, GRACE);

  @BeforeEach
  void world() {
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: four}
        spec: {cidr: 10.0.0.0/24, allowedUses: [Workload, Tunnel, LoadBalancer]}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        """);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void store(String yaml) {
    World.objects(yaml).forEach(store::create);
  }

  private Holding give(BlockOwner owner, String handle, Map<String, String> attributes) {
    AddressRequest request =
        new AddressRequest(
            owner, Map.of(), Map.of(), IpPool.Use.WORKLOAD, handle, attributes, 1, 0, Set.of(), 0);
    return allocator.assign(request).holdings().getFirst();
  }

  private Holding give(String node, String pod) {
    return give(
        BlockOwner.node(node),
        "k8s-pod-network." + pod,
        Map.of("pod", pod, "namespace", "prod", "node", node));
  }

  private void pod(String name, String status) {
    store(
        "apiVersion: v1\nkind: Pod\nmetadata: {namespace: prod, name: "
            + name
            + "}\nspec: {nodeName: n1, containers: [{name: a, image: b}]}\nstatus: "
            + status);
  }

  private IpamCheck check() {
    return IpamCheck.of(store, () -> now);
  }

  /** The findings as {@code FAULT SUBJECT text}. */
  private List<String> findings() {
    return check().findings().stream()
        .map(f -> f.fault() + " " + f.subject() + " " + f.text())
        .toList();
  }

  @Test
  void livePodsServicesAndTunnelsAreFine() {
    Holding web = give("n1", "web");
    pod("web", "{phase: Running, podIPs: [{ip: " + web.address() + "}]}");
    give("n1", "starting");
    pod("starting", "{phase: Pending}");
    give(
        BlockOwner.node("n1"),
        "vxlan-tunnel-addr-n1",
        Map.of("node", "n1", "type", "vxlanTunnelAddress"));
    give(BlockOwner.LOAD_BALANCER, "lb-1", Map.of("service", "front", "namespace", "prod"));
    store(
        """
        apiVersion: v1
        kind: Service
        metadata: {namespace: prod, name: front}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        """);
    IpamCheck check = check();
    assertThat(check.findings()).isEmpty();
    assertThat(check.problems()).isEmpty();
    assertThat(check.held()).isEqualTo(4);
  }

  @Test
  void namesLeaksAndWhy() {
    Holding gone = give("n1", "gone");
    Holding ended = give("n1", "ended");
    pod("ended", "{phase: Succeeded, podIPs: [{ip: " + ended.address() + "}]}");
    Holding moved = give("n1", "moved");
    pod("moved", "{phase: Running, podIPs: [{ip: 10.0.0.200}]}");
    assertThat(findings())
        .containsExactlyInAnyOrder(
            "LEAKED "
                + gone.address()
                + " pod prod/gone does not exist; handle k8s-pod-network.gone has it",
            "LEAKED "
                + ended.address()
                + " pod prod/ended has ended; handle k8s-pod-network.ended has it",
            "LEAKED "
                + moved.address()
                + " pod prod/moved has another address; handle k8s-pod-network.moved has it",
            "UNALLOCATED 10.0.0.200 Pod prod/moved uses it, and no block says so: it may be given");
  }

  @Test
  void whatItCannotJudgeIsUnknownAndNeverALeak() {
    give(BlockOwner.node("n1"), "somebody", Map.of("node", "n1"));
    give(
        BlockOwner.node("n1"),
        Machine.of("prod", "db").handle(),
        Map.of("pod", "virt-launcher-db", "namespace", "prod", "vmi-name", "db"));
    Holding unreadable = give("n1", "odd");
    pod("odd", "{phase: Running, podIP: 10.0.0.9x, podIPs: []}");
    IpamCheck check = check();
    assertThat(check.isWrong()).isFalse();
    assertThat(check.leaks()).isEmpty();
    assertThat(check.findings())
        .hasSize(2)
        .allMatch(finding -> finding.fault() == Fault.UNKNOWN)
        .noneMatch(finding -> finding.subject().equals(unreadable.address().toString()));
  }

  @Test
  void oneAddressInUseKeepsTheWholeHandle() {
    AddressRequest request = AddressRequest.workload("n1", "shared");
    Map<String, String> web = Map.of("pod", "web", "namespace", "prod", "node", "n1");
    Holding used = give(BlockOwner.node("n1"), "shared", web);
    Holding other =
        give(
            BlockOwner.node("n1"),
            request.handle(),
            Map.of("pod", "gone", "namespace", "prod", "node", "n1"));
    pod("web", "{phase: Running, podIPs: [{ip: " + used.address() + "}]}");
    assertThat(findings())
        .containsExactly(
            "UNKNOWN "
                + other.address()
                + " pod prod/gone does not exist, but handle shared also has an address in use");
  }

  @Test
  void namesDoubles() {
    Holding web = give("n1", "web");
    pod("web", "{phase: Running, podIPs: [{ip: " + web.address() + "}]}");
    pod("twin", "{phase: Running, podIPs: [{ip: " + web.address() + "}]}");
    Holding stolen = give("n1", "starting");
    pod("starting", "{phase: Pending}");
    pod("thief", "{phase: Running, podIPs: [{ip: " + stolen.address() + "}]}");
    assertThat(findings())
        .containsExactlyInAnyOrder(
            "DOUBLE " + web.address() + " Pod prod/twin and Pod prod/web use it",
            "DOUBLE "
                + stolen.address()
                + " Pod prod/thief uses it, and the block gives it to pod prod/starting");
  }

  @Test
  void namesAffinitiesThatDoNotFit() {
    give("n1", "a");
    pod("a", "{phase: Pending}");
    KubeObject affinity = store.list(Kind.BLOCK_AFFINITY, "").items().getFirst();
    store.delete(affinity.key(), "");
    String block = World.spec(affinity).path("cidr").asText();
    assertThat(findings())
        .containsExactly("AFFINITY " + block + " is of host:n1, which has no affinity for it");
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: BlockAffinity
        metadata: {name: n2-other}
        spec: {node: n2, cidr: %s, state: confirmed}
        ---
        apiVersion: projectcalico.org/v3
        kind: BlockAffinity
        metadata: {name: n2-lost}
        spec: {node: n2, cidr: 10.0.0.0/26, state: confirmed}
        ---
        apiVersion: projectcalico.org/v3
        kind: BlockAffinity
        metadata: {name: n2-open}
        spec: {node: n2, cidr: 10.0.0.64/26, state: pending}
        """
            .formatted(block));
    assertThat(findings())
        .contains(
            "AFFINITY n2-other is for a block that is of host:n1 now",
            "AFFINITY n2-lost has no block",
            "AFFINITY n2-open is pending: under way, or left by one who stopped; the owner's next"
                + " request settles it");
  }

  @Test
  void namesHandlesThatDoNotFit() {
    give("n1", "a");
    pod("a", "{phase: Pending}");
    KubeObject handle =
        store.get(new ResourceKey(Kind.IPAM_HANDLE, "", "k8s-pod-network.a")).orElseThrow();
    String block = World.spec(handle).path("block").fieldNames().next();
    KubeObject wrong = new KubeObject(handle.kind(), handle.json().deepCopy());
    ((ObjectNode) World.spec(wrong).path("block")).put(block, 3);
    KubeObject stored = store.update(wrong);
    assertThat(findings())
        .containsExactly("HANDLE k8s-pod-network.a counts 3 in " + block + ", which has 1");
    store.delete(stored.key(), "");
    assertThat(findings())
        .containsExactly(
            "HANDLE k8s-pod-network.a has addresses in [" + block + "], and no IPAMHandle says so");
  }

  @Test
  void namesBlocksWithoutPoolOrNode() {
    give("n1", "a");
    pod("a", "{phase: Pending}");
    give("n9", "b");
    pod("b", "{phase: Pending}");
    store.delete(new ResourceKey(Kind.IP_POOL, "", "four"), "");
    store(
        """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: rest}
        spec: {cidr: %s}
        """
            .formatted(blockOf("n9")));
    assertThat(findings())
        .containsExactlyInAnyOrder(
            "ORPHANED " + blockOf("n1") + " is in no pool",
            "ORPHANED " + blockOf("n9") + " belongs to node n9, which does not exist");
  }

  private Cidr blockOf(String node) {
    return BlockClaims.cidr(new IpamStore(store).affinities(BlockOwner.node(node)).getFirst());
  }

  @Test
  void aLeakIsFreedOnceItWasSeenForLong() {
    Holding leak = give("n1", "gone");
    IpamCheck first = check();
    Sighting sighting = new Sighting(first.at(), Set.of(leak));
    assertThat(repair.plan(first, List.of()).getFirst().release()).isFalse();
    now = now.plus(GRACE).minusMillis(1);
    assertThat(repair.plan(check(), List.of(sighting)).getFirst().release()).isFalse();
    now = now.plusMillis(1);
    Step step = repair.plan(check(), List.of(sighting)).getFirst();
    assertThat(step.reason()).isEqualTo("leaks for at least 15m");
    assertThat(World.held(store)).hasSize(1);
    assertThat(repair.release(step)).isTrue();
    assertThat(World.held(store)).isEmpty();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
    assertThat(repair.release(step)).isFalse();
  }

  @Test
  void aLeakOfANodeThatIsGoneIsFreedAtOnce() {
    give("n9", "gone");
    Step step = repair.plan(check(), List.of()).getFirst();
    assertThat(step.reason()).isEqualTo("its node is gone");
    assertThat(repair.release(step)).isTrue();
  }

  @Test
  void whoComesBackBeforeTheRepairKeepsTheAddress() {
    Holding leak = give("n9", "back");
    Step step = repair.plan(check(), List.of()).getFirst();
    pod("back", "{phase: Running, podIPs: [{ip: " + leak.address() + "}]}");
    assertThat(repair.release(step)).isFalse();
    assertThat(World.held(store)).containsOnlyKeys(leak.address());
  }

  @Test
  void anAddressThatWasGivenAgainMeanwhileIsNotFreed() {
    Holding leak = give("n9", "gone");
    Step step = repair.plan(check(), List.of()).getFirst();
    allocator.releaseHandle(leak.handle());
    // Also after its block was deleted and claimed anew.
    allocator.forget(BlockOwner.node("n9"));
    now = now.plusMillis(1);
    AddressRequest again = AddressRequest.workload("n9", leak.handle());
    assertThat(allocator.assign(again, leak.address()).isComplete()).isTrue();
    assertThat(repair.release(step)).isFalse();
    assertThat(World.held(store)).containsOnlyKeys(leak.address());
  }

  /** Repairs while pods come and go: who is there keeps its address, who is not loses it. */
  @Test
  void randomRepairsFreeTheDeadOnly() {
    Random dice = new Random(5);
    Set<String> alive = new HashSet<>();
    Set<IpAddress> expected = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String name = "p" + i;
      Holding holding = give(dice.nextBoolean() ? "n1" : "n9", name);
      if (dice.nextBoolean()) {
        pod(name, "{phase: Running, podIPs: [{ip: " + holding.address() + "}]}");
        alive.add(name);
        expected.add(holding.address());
      }
    }
    IpamCheck first = check();
    Set<Holding> leaks = new HashSet<>(first.leaks().stream().map(Finding.Leak::holding).toList());
    assertThat(leaks).hasSize(200 - alive.size());
    now = now.plus(GRACE);
    List<Step> steps = repair.plan(check(), List.of(new Sighting(first.at(), leaks)));
    assertThat(steps).allMatch(Step::release).allMatch(repair::release);
    assertThat(World.held(store).keySet()).isEqualTo(expected);
    assertThat(check().findings()).noneMatch(finding -> finding.fault() == Fault.LEAKED);
  }
}
