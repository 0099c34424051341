package io.margay.network.migration;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Outcome;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.MachineAddresses;
import io.margay.network.migration.MigrationRoles.Part;
import io.margay.network.migration.MigrationRoles.Role;
import io.margay.network.route.RoutePriority;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StreamListener;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part in the migrations of virtual machines. One thread owns all state.
 *
 * <pre>
 *   LiveMigrations, pods ─► roles ─► states ─┬─► priorities of routes   (at once)
 *        announcements, time ────────────────┴─► addresses and records  (when the API answers)
 * </pre>
 */
public final class MigrationController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MigrationController.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  /** How old what the source tells of its connections may be. */
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private final MigrationSettings settings;
  private final NetworkNamespace namespace;
  private final Consumer<Map<ResourceKey, RoutePriority>> routes;
  private final InstantSource clock;
  private final MigrationCollector cluster;
  private final PersistentTasks tasks = new PersistentTasks();
  private final List<ResourceStream> streams = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("migrations").factory());

  // Owned by the thread.
  private final Map<ResourceKey, MachinePod> pods = new TreeMap<>();
  private Map<ResourceKey, RoutePriority> published = Map.of();

  /** Whose end was told to the records already. */
  private final Set<ResourceKey> ended = new HashSet<>();

  private @Nullable MigrationKeeper keeper;
  private @Nullable MigrationOutcomes outcomes;
  private @Nullable MachineTransfer transfer;

  /**
   * @param namespace where the nodes' ends of the pods' cables are; stays the caller's
   * @param routes is told which of this node's pods have another route than a normal one
   */
  public MigrationController(
      NetworkNamespace namespace,
      MigrationSettings settings,
      Consumer<Map<ResourceKey, RoutePriority>> routes,
      InstantSource clock) {
    this.namespace = namespace;
    this.settings = settings;
    this.routes = routes;
    this.clock = clock;
    this.cluster = new MigrationCollector(settings.node());
  }

  /** Begins to do what the store says. */
  public void start(ResourceStore store) {
    MachineAddresses addresses =
        new MachineAddresses(new AddressAllocator(store, clock, new SecureRandom()));
    MigrationRecords records = new MigrationRecords(store);
    outcomes = new MigrationOutcomes(tasks, addresses, records, clock);
    transfer = new MachineTransfer(namespace, cluster, tasks, records, clock);
    keeper = new MigrationKeeper(settings.node(), cluster, tasks, addresses, records, store);
    streams.add(ResourceStream.start(store, MigrationCollector.KINDS, listener(cluster::apply)));
    streams.add(
        ResourceStream.start(store, MigrationCollector.KUBEVIRT, listener(cluster::applyKubeVirt)));
    thread.scheduleWithFixedDelay(
        this::reconsider, REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What has become of migrations since the start, by name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    if (outcomes != null && transfer != null) {
      counts.putAll(outcomes.counts());
      transfer.lastGap().ifPresent(millis -> counts.put("migrations_last_gap_millis", millis));
    }
    return counts;
  }

  private StreamListener listener(Consumer<ResourceChange> taker) {
    return new StreamListener() {
      @Override
      public void changed(ResourceChange change) {
        thread.execute(() -> taker.accept(change));
      }

      @Override
      public void flush() {
        thread.execute(MigrationController.this::reconsider);
      }
    };
  }

  /** Brings every pod's state up to what the cluster says now. */
  private void reconsider() {
    if (!cluster.inSync() || keeper == null) {
      return;
    }
    try {
      keeper.keep();
      followRoles();
    } catch (RuntimeException e) {
      // Whatever it is, the next look must come: a machine may be waiting for its route.
      log.error("{}: migrations could not be followed", settings.node(), e);
    }
  }

  private void followRoles() {
    ended.removeIf(key -> cluster.record(key).map(MigrationController::isFinal).orElse(true));
    cluster.records().forEach(this::resume);
    Map<ResourceKey, Role> roles = MigrationRoles.of(cluster.records());
    Set<ResourceKey> concerned = new TreeSet<>(pods.keySet());
    roles.forEach((pod, role) -> {
      if (isHere(pod, role)) {
        concerned.add(pod);
      }
    });
    for (ResourceKey key : concerned) {
      MachinePod pod = pods.computeIfAbsent(key, MachinePod::new);
      Role role = roles.get(key);
      if (role != null && role.part() != Part.SOURCE) {
        pod.migration = role.migration();
      }
      step(pod, event(pod, role));
      if (role == null && pod.state == MigrationState.NORMAL) {
        pods.remove(key);
      }
    }
    cluster.records().forEach(this::fail);
    publish();
    if (transfer != null) {
      transfer.attend(roles, this::isHere);
    }
  }

  private boolean isHere(ResourceKey pod, Role role) {
    LiveMigration.Spec spec = role.migration().spec();
    LiveMigration.Place place = role.part() == Part.SOURCE ? spec.source() : spec.target();
    // Of a failed target only the pod counts: records outlive pods.
    return role.part() == Part.FAILED_TARGET
        ? cluster.runsHere(pod)
        : place.node().equals(settings.node());
  }

  private static boolean isFinal(LiveMigration record) {
    return record.status().phase().isFinal();
  }

  private MigrationEvent event(MachinePod pod, @Nullable Role role) {
    boolean runs = cluster.runsHere(pod.pod);
    boolean gone = pod.seen && !runs;
    pod.seen |= runs;
    return gone ? MigrationEvent.REMOVED : MigrationRoles.event(role);
  }

  /** A migration that ended while this node was not there: its target is still to be one. */
  private void resume(LiveMigration record) {
    ResourceKey key = MigrationRoles.pod(record, record.spec().target().pod());
    if (record.spec().outcome() == Outcome.SUCCEEDED
        && record.spec().target().node().equals(settings.node())
        && cluster.runsHere(key)
        && !isFinal(record)
        && !ended.contains(record.key())
        && !pods.containsKey(key)) {
      MachinePod pod = new MachinePod(key);
      pod.migration = record;
      pods.put(key, pod);
      step(pod, MigrationRoles.target(record));
    }
  }

  private void step(MachinePod pod, MigrationEvent event) {
    MigrationState before = pod.state;
    MigrationState next = before.on(event);
    if (next == before) {
      return;
    }
    log.info("{}: {} {} -> {} ({})", settings.node(), pod.pod, before, next, event);
    pod.state = next;
    int epoch = ++pod.epoch;
    pod.stopListening();
    publish();
    if (next.listens()) {
      String link = Pod.hostInterface(pod.pod.namespace(), pod.pod.name());
      pod.listener =
          AnnouncementListener.start(
              namespace, link, () -> later(pod, epoch, MigrationEvent.ANNOUNCED));
    }
    if (next == MigrationState.WAITING) {
      in(settings.convergence(), () -> converged(pod, epoch));
    }
    if (pod.migration != null && outcomes != null) {
      tell(pod, pod.migration, before, next, outcomes);
    }
  }

  /** Without the store's word the route must stay: nobody else has one to the pod. */
  private void converged(MachinePod pod, int epoch) {
    if (pod.inCharge) {
      stepIfCurrent(pod, epoch, MigrationEvent.CONVERGED);
    } else if (pod.epoch == epoch) {
      in(ASK_AGAIN, () -> converged(pod, epoch));
    }
  }

  private void in(Duration pause, Runnable task) {
    thread.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void later(MachinePod pod, int epoch, MigrationEvent event) {
    if (!thread.isShutdown()) {
      thread.execute(() -> stepIfCurrent(pod, epoch, event));
    }
  }

  /** An announcement or a timer of an earlier state comes too late. */
  private void stepIfCurrent(MachinePod pod, int epoch, MigrationEvent event) {
    if (pod.epoch == epoch) {
      step(pod, event);
      reconsider();
    }
  }

  private void tell(
      MachinePod pod,
      LiveMigration migration,
      MigrationState before,
      MigrationState next,
      MigrationOutcomes to) {
    switch (next) {
      case TARGET -> to.prepared(migration);
      case LIVE, WAITING -> {
        Phase phase = next == MigrationState.LIVE ? Phase.LIVE : Phase.CONVERGING;
        if (next.takesOver(before)) {
          boolean missed = next == MigrationState.WAITING;
          to.arrived(migration, phase, missed, pod);
        } else {
          to.phase(migration, phase);
        }
      }
      case NORMAL -> {
        if (before == MigrationState.WAITING && ended.add(migration.key())) {
          to.phase(migration, Phase.SUCCEEDED);
        }
      }
      case FAILED -> {}
    }
  }

  /** Both nodes can say it, since one of them may be what failed; the source is asked first. */
  private void fail(LiveMigration record) {
    LiveMigration.Spec spec = record.spec();
    boolean source = spec.source().node().equals(settings.node());
    boolean target = spec.target().node().equals(settings.node());
    if (spec.outcome() == Outcome.FAILED
        && (source || target)
        && !isFinal(record)
        && outcomes != null
        && ended.add(record.key())) {
      boolean runs = cluster.runsHere(MigrationRoles.pod(record, spec.source().pod()));
      MigrationOutcomes to = outcomes;
      if (source) {
        to.failed(record, runs);
      } else {
        in(settings.grace(), () -> to.failed(record, false));
      }
    }
  }

  private void publish() {
    Map<ResourceKey, RoutePriority> priorities = new TreeMap<>();
    pods.forEach((key, pod) -> {
      if (pod.state.priority() != RoutePriority.NORMAL) {
        priorities.put(key, pod.state.priority());
      }
    });
    if (!priorities.equals(published)) {
      published = Map.copyOf(priorities);
      routes.accept(published);
    }
  }

  /** Ends; routes and records stay as they are. */
  @Override
  public void close() {
    streams.forEach(ResourceStream::close);
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("{}: the migrations have not ended for ten seconds", settings.node());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pods.values().forEach(MachinePod::stopListening);
    tasks.close();
    if (transfer != null) {
      transfer.close();
    }
  }
}
