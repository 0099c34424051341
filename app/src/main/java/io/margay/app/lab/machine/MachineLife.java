package io.margay.app.lab.machine;

import io.margay.app.lab.machine.VmCluster.PlainPod;
import io.margay.app.process.Running;
import io.margay.model.net.IpAddress;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.Holding;
import io.margay.network.ipam.Machine;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine, from its start through its migrations, and those who talk to it meanwhile. */
final class MachineLife implements AutoCloseable {
  /** The network has that long to learn of a target before the machine comes. */
  private static final Duration PREPARATION = Duration.ofMillis(1_000);

  /** From the end of a migration until its gap is counted and the source's pod ends. */
  private static final Duration SETTLING = Duration.ofMillis(1_500);

  private static final Duration FIRST_ANSWER = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private static final String HANDLE =
      Machine.of(KubeVirtObjects.NAMESPACE, KubeVirtObjects.MACHINE).handle();

  private final VmCluster cluster;
  private final LabMachine machine;
  private final Running running = new Running();
  private final List<Move> moves = new ArrayList<>();
  private @Nullable Launcher launcher;
  private @Nullable ProbeStream probes;
  private @Nullable LongSession session;
  private @Nullable DeniedTraffic denied;

  /** One migration, seen from outside. */
  record Move(
      String from, String to, double downtimeMillis, double gapMillis, boolean sessionKept) {
    double addedMillis() {
      return Math.max(0, gapMillis - downtimeMillis);
    }
  }

  MachineLife(VmCluster cluster, LabMachine machine) {
    this.cluster = cluster;
    this.machine = machine;
  }

  /** Starts the machine on the first node, and all who talk to it. */
  void start() throws IOException, InterruptedException {
    List<LabHost> hosts = cluster.hosts();
    PlainPod client = cluster.addPod("client", hosts.getFirst(), "client");
    Launcher first = cluster.addLauncher(launcherName(0), hosts.getFirst(), null, "");
    launcher = first;
    DeniedTraffic intruders = running.add(new DeniedTraffic(first.address()));
    denied = intruders;
    intruders.watch(first);
    for (LabHost host : hosts) {
      PlainPod pod = cluster.addPod("intruder-" + host.name(), host, "intruder");
      intruders.tryFrom(pod.namespace(), pod.address());
    }
    machine.start(first);
    cluster.objects().machineRuns(first);
    ProbeStream stream =
        running.add(ProbeStream.start(client.namespace(), client.address(), first.address()));
    probes = stream;
    Instant deadline = Instant.now().plus(FIRST_ANSWER);
    while (stream.answered() == 0) {
      if (Instant.now().isAfter(deadline)) {
        throw new IOException("the machine does not answer at " + first.address());
      }
      Thread.sleep(POLL);
    }
    InetAddress address = InetAddress.ofLiteral(first.address().toString());
    session =
        running.add(
            LongSession.begin(
                client.namespace(), new InetSocketAddress(address, GuestService.PORT)));
  }

  private static String launcherName(int number) {
    return "virt-launcher-" + KubeVirtObjects.MACHINE + "-" + number;
  }

  IpAddress address() {
    return present(launcher).address();
  }

  String sessionFailure() {
    return Objects.requireNonNullElse(present(session).failure(), "nothing comes back");
  }

  /**
   * Moves the machine to the next node, as KubeVirt does.
   *
   * @param number of the migration, from 1
   */
  Move migrate(int number) throws IOException, InterruptedException {
    Launcher source = present(launcher);
    LabHost to = cluster.hosts().get(number % cluster.hosts().size());
    KubeVirtObjects objects = cluster.objects();
    String name = KubeVirtObjects.MACHINE + "-" + number;
    String uid = objects.createMigration(name);
    objects.migrationGoes(name, uid, source, launcherName(number), to.name());
    Launcher target = cluster.addLauncher(launcherName(number), to, source.mac(), uid);
    present(denied).watch(target);
    objects.migrationIs(name, "Scheduled");
    objects.migrationIs(name, "PreparingTarget");
    machine.prepare(target);
    objects.migrationIs(name, "TargetReady");
    Thread.sleep(PREPARATION);
    objects.migrationIs(name, "Running");

    long linesBefore = present(session).answered();
    long begin = System.nanoTime();
    Duration downtime = machine.migrate(source, target);
    launcher = target;
    objects.machineRuns(target);
    objects.migrationIs(name, "Succeeded");
    Thread.sleep(SETTLING);
    Move move =
        new Move(
            source.node().name(),
            to.name(),
            millis(downtime),
            millis(present(probes).longestGapSince(begin)),
            present(session).failure() == null && present(session).answered() > linesBefore);
    moves.add(move);
    cluster.removeLauncher(source);
    return move;
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  /** What became of it all. */
  VmReport report(String routes, ResourceStore store, String kubeconfig) {
    Set<String> owners = owners(store);
    return new VmReport(
        machine.kind(),
        routes,
        moves.size(),
        (int) moves.stream().filter(Move::sessionKept).count(),
        present(session).answered(),
        present(probes).sent(),
        present(probes).answered(),
        present(denied).tried(),
        present(denied).passed(),
        moves.stream().map(Move::gapMillis).toList(),
        moves.stream().map(Move::downtimeMillis).toList(),
        median(Move::addedMillis),
        median(Move::downtimeMillis),
        address().toString(),
        hasOnlyItsFirstAddress(store),
        owners.size(),
        kubeconfig);
  }

  private boolean hasOnlyItsFirstAddress(ResourceStore store) {
    return new AddressAllocator(store, InstantSource.system(), new Random())
        .holdings(HANDLE).stream().map(Holding::address).toList().equals(List.of(address()));
  }

  /** The pods that IPAM knows as owners of the machine's address. */
  private static Set<String> owners(ResourceStore store) {
    return AddressUsage.of(store)
        .allocations()
        .filter(held -> HANDLE.equals(held.handle()))
        .flatMap(held -> Stream.of(held.active(), held.alternate()))
        .map(attributes -> attributes.getOrDefault("pod", ""))
        .filter(pod -> !pod.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Of what was measured for each migration; 0 for none. */
  private double median(ToDoubleFunction<Move> measured) {
    double[] sorted = moves.stream().mapToDouble(measured).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private static <T> T present(@Nullable T part) {
    return Objects.requireNonNull(part, "the machine has not been started");
  }

  @Override
  public void close() {
    running.close();
  }
}
