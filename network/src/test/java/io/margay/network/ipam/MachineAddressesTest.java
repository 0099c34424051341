package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.HandleAddresses.Owned;
import io.margay.network.ipam.MachineAddresses.Swap;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachineAddressesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Machine VM = Machine.of("prod", "db");

  private final MemoryStore store = new MemoryStore();

  /** Runs once before the next update of a block, as somebody who is faster. */
  private final AtomicReference<Runnable> faster = new AtomicReference<>(() -> {});

  private final AddressAllocator allocator =
      new AddressAllocator(new Interrupted(store, faster), () -> NOW, new Random(1));
  private final MachineAddresses machines = new MachineAddresses(allocator);
  private final MachineAddresses others =
      new MachineAddresses(new AddressAllocator(store, () -> NOW, new Random(2)));

  /** A store in which somebody else can come in between a read and a write. */
  private record Interrupted(ResourceStore store, AtomicReference<Runnable> faster)
      implements ResourceStore {
    @Override
    public Optional<KubeObject> get(ResourceKey key) {
      return store.get(key);
    }

    @Override
    public Listing list(Kind kind, String namespace) {
      return store.list(kind, namespace);
    }

    @Override
    public KubeObject create(KubeObject object) {
      return store.create(object);
    }

    @Override
    public KubeObject update(KubeObject object) {
      if (object.kind() == Kind.IPAM_BLOCK) {
        faster.getAndSet(() -> {}).run();
      }
      return store.update(object);
    }

    @Override
    public KubeObject delete(ResourceKey key, String resourceVersion) {
      return store.delete(key, resourceVersion);
    }

    @Override
    public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
      return store.watch(kind, afterVersion, watcher);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void pools() {
    World.objects(
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: four}
            spec: {cidr: 10.0.0.0/24}
            ---
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: six}
            spec: {cidr: 'fd00::/64'}
            """)
        .forEach(store::create);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Map<String, String> pod(String pod, String node) {
    return Map.of("pod", pod, "namespace", "prod", "node", node, "vmi-name", "db");
  }

  private Assignment start(String pod, String node) {
    AddressRequest any = AddressRequest.workload(node, VM.handle());
    AddressRequest request =
        new AddressRequest(
            any.owner(),
            Map.of(),
            Map.of(),
            any.use(),
            VM.handle(),
            pod(pod, node),
            1,
            1,
            Set.of(),
            0);
    return machines.start(VM, request);
  }

  /** The pods that own each address, active and alternate; the same for both. */
  private String owners() {
    List<Owned> owned = allocator.addresses().of(VM.handle());
    assertThat(owned).hasSize(2);
    assertThat(owned.get(0).owners()).isEqualTo(owned.get(1).owners());
    Owners owners = owned.getFirst().owners();
    return owners.active().getOrDefault("pod", "-")
        + " "
        + owners.alternate().getOrDefault("pod", "-");
  }

  @Test
  void handlesAreNamedAsCalicoNamesThem() {
    assertThat(VM.handle()).isEqualTo("k8s-pod-network.vmi.prod.db");
    assertThat(new Machine("net1", "prod", "db").handle()).isEqualTo("net1.vmi.prod.db");
    Machine longest = Machine.of("prod", "d".repeat(128 - "k8s-pod-network.vmi.prod.".length()));
    assertThat(longest.handle()).hasSize(128).endsWith("ddd");
    Machine tooLong = Machine.of("prod", longest.name() + "d");
    assertThat(tooLong.handle()).matches("k8s-pod-network\\.vmi\\._[A-Za-z0-9_-]{43}");
    assertThat(tooLong.handle()).isNotEqualTo(Machine.of("prod", longest.name() + "e").handle());
  }

  @Test
  void aRestartKeepsTheAddresses() {
    Assignment first = start("launcher-1", "n1");
    assertThat(first.holdings()).hasSize(2);
    machines.stopped(VM, "launcher-1", false);
    assertThat(owners()).isEqualTo("- -");
    Assignment second = start("launcher-2", "n2");
    assertThat(second.holdings()).isEqualTo(first.holdings());
    assertThat(owners()).isEqualTo("launcher-2 -");
  }

  @Test
  void aLateStopOfTheOldPodDoesNotTouchTheNewOne() {
    start("launcher-1", "n1");
    start("launcher-2", "n2");
    machines.stopped(VM, "launcher-1", true);
    assertThat(owners()).isEqualTo("launcher-2 -");
  }

  @Test
  void aMigrationMovesTheAddresses() {
    Assignment first = start("launcher-1", "n1");
    assertThat(machines.prepare(VM, pod("launcher-2", "n2")).holdings())
        .isEqualTo(first.holdings());
    assertThat(owners()).isEqualTo("launcher-1 launcher-2");
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.DONE);
    assertThat(owners()).isEqualTo("launcher-2 launcher-1");
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.DONE);
    assertThat(owners()).isEqualTo("launcher-2 launcher-1");
    machines.stopped(VM, "launcher-1", false);
    assertThat(owners()).isEqualTo("launcher-2 -");
  }

  @Test
  void aFailedMigrationLeavesTheSourceAndTheNextOneWorks() {
    start("launcher-1", "n1");
    machines.prepare(VM, pod("launcher-2", "n2"));
    machines.stopped(VM, "launcher-2", false);
    assertThat(owners()).isEqualTo("launcher-1 -");
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.TARGET_GONE);
    machines.prepare(VM, pod("launcher-3", "n3"));
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.OTHER_TARGET);
    assertThat(machines.swap(VM, "launcher-3")).isEqualTo(Swap.DONE);
    assertThat(owners()).isEqualTo("launcher-3 launcher-1");
  }

  @Test
  void theSourceMayStopBeforeTheSwap() {
    start("launcher-1", "n1");
    machines.prepare(VM, pod("launcher-2", "n2"));
    machines.stopped(VM, "launcher-1", false);
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.DONE);
    assertThat(owners()).isEqualTo("launcher-2 -");
  }

  @Test
  void aTargetThatStopsDuringTheSwapIsNotRevived() {
    start("launcher-1", "n1");
    machines.prepare(VM, pod("launcher-2", "n2"));
    faster.set(() -> others.stopped(VM, "launcher-2", false));
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.TARGET_GONE);
    assertThat(owners()).isEqualTo("launcher-1 -");
  }

  @Test
  void aDeletedMachinesLastPodReleases() {
    start("launcher-1", "n1");
    machines.prepare(VM, pod("launcher-2", "n2"));
    assertThat(machines.stopped(VM, "launcher-1", true)).isEmpty();
    assertThat(owners()).isEqualTo("- launcher-2");
    assertThat(machines.stopped(VM, "launcher-2", true)).hasSize(2);
    assertThat(World.held(store)).isEmpty();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
  }

  @Test
  void aTargetNeedsAddressesAndPersistence() {
    assertThat(machines.prepare(VM, pod("launcher-2", "n2")).shortages())
        .containsExactly("machine prod/db cannot migrate: it has no address to keep");
    assertThat(machines.swap(VM, "launcher-2")).isEqualTo(Swap.NO_ADDRESS);
    World.objects(
            """
            apiVersion: projectcalico.org/v3
            kind: IPAMConfiguration
            metadata: {name: default}
            spec: {kubeVirtVMAddressPersistence: Disabled}
            """)
        .forEach(store::create);
    start("launcher-1", "n1");
    assertThat(machines.prepare(VM, pod("launcher-2", "n2")).shortages())
        .containsExactly(
            "machine prod/db cannot migrate: kubeVirtVMAddressPersistence is Disabled");
    assertThat(owners()).isEqualTo("launcher-1 -");
  }

  @Test
  void aSwapKeepsTheNumberOfTheAllocation() {
    start("launcher-1", "n1");
    var before = World.held(store);
    machines.prepare(VM, pod("launcher-2", "n2"));
    machines.swap(VM, "launcher-2");
    assertThat(World.held(store)).isEqualTo(before);
    assertThat(new IpamStore(store).list(Kind.IPAM_BLOCK, IpamBlock.class, List.of())).hasSize(2);
  }

  /** Starts, migrations that fail or not, stops and deletions of a few machines, in any order. */
  @Test
  void randomLivesOfMachinesLeaveNoLeak() {
    Random dice = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      String pod = "launcher-" + dice.nextInt(4);
      switch (dice.nextInt(5)) {
        case 0 -> start(pod, "n" + dice.nextInt(3));
        case 1 -> machines.prepare(VM, pod(pod, "n" + dice.nextInt(3)));
        case 2 -> machines.swap(VM, pod);
        default -> machines.stopped(VM, pod, dice.nextInt(10) == 0);
      }
      assertThat(World.held(store)).hasSizeLessThanOrEqualTo(2);
    }
    for (int n = 0; n < 4; n++) {
      machines.stopped(VM, "launcher-" + n, true);
    }
    assertThat(World.held(store)).isEmpty();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
  }
}
