package io.margay.app.process;

import io.margay.app.Version;
import io.margay.console.status.NodeReport;
import io.margay.console.telemetry.ProgrammingTimes;
import io.margay.dataplane.Dataplane;
import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.DataplaneStats;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.dataplane.nftables.NftablesDataplane;
import io.margay.flows.collect.FlowSink;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.manifest.Problem;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.network.bgp.BgpController;
import io.margay.network.cni.PolicyGate;
import io.margay.network.migration.MigrationController;
import io.margay.network.route.RouteController;
import io.margay.network.route.RouteReport;
import io.margay.policy.engine.EngineStats;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.TableDelta;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StoreException;
import io.margay.store.StreamListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs on every node.
 *
 * <pre>
 *   store ─► resource stream ─► policy engine ─► dataplane ─► flow events ─► flow sender
 * </pre>
 *
 * <p>Nothing is programmed before all that existed at the start was read: a node that restarts
 * leaves in force what its predecessor programmed until it knows better.
 */
public final class NodeProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeProcess.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** After so long nothing that was computed at the start is needed any more. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /** What verdicts on packets depend on. */
  private static final Set<Kind> KINDS = Kind.ofNetwork();

  private final String name;
  private final PolicyEngine engine;
  private final Dataplane dataplane;
  private final FlowSink flows;
  private final TableObserver observer;
  private final ProgrammingTimes programming;
  private final EnforcedEndpoints enforced = new EnforcedEndpoints();
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-retry").factory());
  private final Object lock = new Object();
  private final AttachedPods attachedPods;
  private boolean inSync;
  private boolean refused;
  private boolean started;
  private volatile EngineStats stats;
  private final Running running = new Running();
  private @Nullable RouteController routes;
  private @Nullable BgpController bgp;
  private @Nullable MigrationController migrations;

  /**
   * @param dataplane becomes this process's own, which closes it
   * @param flows where the dataplane's events go; it is told of the cluster too
   */
  public NodeProcess(String name, Dataplane dataplane, FlowSink flows, TableObserver observer) {
    this.name = name;
    this.flows = flows;
    this.engine = new PolicyEngine(Scope.node(name), Failsafes.CALICO);
    this.dataplane = dataplane;
    this.observer = observer;
    this.attachedPods = new AttachedPods(name);
    this.programming = new ProgrammingTimes(name, Telemetry.tracer());
    this.stats = engine.stats();
    running.add(retries::shutdownNow);
    running.add(this::closeDataplane);
  }

  /** A node that enforces with nftables in a namespace, and follows the interfaces there. */
  public static NodeProcess nftables(
      NftablesConfig config, NetworkNamespace namespace, FlowSink flows, TableObserver observer) {
    NftablesDataplane dataplane = new NftablesDataplane(namespace, config, flows);
    NodeProcess process = new NodeProcess(config.node(), dataplane, flows, observer);
    process.running.add(
        new InterfaceWatcher(
            namespace, table -> process.reprogram(() -> dataplane.updateInterfaces(table))));
    return process;
  }

  /** Keeps the node's routes as well. To be called before the start. */
  public void keepRoutes(RouteController controller) {
    routes = running.add(controller);
  }

  /** Follows virtual machines that move. To be called before the start, after the routes. */
  public void followMigrations(MigrationController controller) {
    migrations = running.add(controller);
  }

  /** Speaks BGP as well. To be called before the start. */
  public void speakBgp(BgpController controller) {
    bgp = running.add(controller);
  }

  /** Begins to enforce what the store says. */
  public void start(ResourceStore store) {
    if (bgp != null) {
      bgp.start(store);
    }
    if (routes != null) {
      routes.start(store, InstantSource.system());
    }
    if (migrations != null) {
      migrations.start(store);
    }
    running.add(ResourceStream.start(store, KINDS, new Listener()));
  }

  /** For this node's CNI plugin. */
  public PolicyGate policyGate() {
    return new Gate();
  }

  /** Sizes of the engine's tables, as of the last change, by name. */
  public Map<String, Long> tableSizes() {
    EngineStats now = stats;
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("policies", (long) now.policies());
    sizes.put("endpoints", (long) now.endpoints());
    sizes.put("classes", (long) now.classes());
    sizes.put("groups", (long) now.groups());
    sizes.put("port_tables", (long) now.portTables());
    sizes.put("outcomes", (long) now.outcomes());
    if (routes != null) {
      RouteReport report = routes.report();
      sizes.put("routes", (long) report.routes());
      sizes.put("routes_without_interface", (long) report.waiting());
      sizes.put("routes_problems", (long) report.problems().size());
    }
    if (migrations != null) {
      sizes.putAll(migrations.counts());
    }
    if (bgp != null) {
      sizes.put("bgp_problems", (long) bgp.problems().size());
    }
    return sizes;
  }

  /** What the dataplane could not report or refused, by reason. */
  public Map<String, Long> dropped() {
    return switch (dataplane) {
      case NftablesDataplane kernel -> {
        DataplaneStats now = kernel.stats();
        Map<String, Long> counts = new LinkedHashMap<>();
        now.drops().forEach((reason, packets) -> counts.put("packets_" + reason, packets));
        counts.put("events_lost", now.events().lost());
        counts.put("events_unreadable", now.events().unreadable());
        counts.put("events_of_unknown_outcome", now.events().unknownOutcome());
        counts.put("connection_events_lost", now.events().connectionEventsLost());
        yield counts;
      }
      default -> Map.of();
    };
  }

  /** How the node is now. */
  public NodeReport report() {
    String kind =
        switch (dataplane) {
          case NftablesDataplane _ -> "nftables";
          default -> "simulated";
        };
    return new NodeReport(
        name,
        Version.current(),
        kind,
        Instant.now(),
        programming.report(),
        tableSizes(),
        dropped());
  }

  private void program() {
    synchronized (lock) {
      if (!inSync) {
        return;
      }
      TableDelta delta = engine.flush();
      stats = engine.stats();
      if (delta.isEmpty() && !refused) {
        return;
      }
      observer.applying(delta);
      enforced.tell(delta);
      programming.begin();
      reprogram(() -> dataplane.apply(delta));
      if (!refused) {
        programming.end();
        observer.applied();
        giveBackWhatTheStartTook();
      }
    }
  }

  /**
   * Reading a whole cluster leaves more garbage than resources. The collector would keep that room
   * for good: it shrinks the heap only in a full collection, and none is due for days.
   */
  private void giveBackWhatTheStartTook() {
    if (!started) {
      started = true;
      retries.schedule(System::gc, SETTLED.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The dataplane keeps what the kernel refused, and tries all of it again with the next call. */
  private void reprogram(Runnable change) {
    synchronized (lock) {
      try {
        change.run();
        refused = false;
        enforced.inForce();
      } catch (DataplaneException e) {
        log.error("{}: not programmed, trying again: {}", name, e.getMessage());
        refused = true;
        retries.schedule(this::program, RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private void take(ResourceChange change) {
    engine.apply(change);
    flows.apply(change);
  }

  private void closeDataplane() {
    synchronized (lock) {
      dataplane.close();
    }
  }

  /** Stops; what is programmed stays in force. */
  @Override
  public void close() {
    running.close();
  }

  /** Feeds the engine. */
  private final class Listener implements StreamListener {
    @Override
    public void changed(ResourceChange change) {
      synchronized (lock) {
        take(attachedPods.amended(change));
        inSync |= change instanceof ResourceChange.InSync;
      }
    }

    @Override
    public void flush() {
      program();
    }

    @Override
    public void problems(ResourceKey key, List<Problem> problems) {
      problems.forEach(problem -> log.warn("{}: fails closed: {}", name, problem));
    }

    @Override
    public void sourceFailed(Kind kind, StoreException reason) {
      log.warn("{}: no news of {}: {}", name, kind.plural(), reason.getMessage());
    }

    @Override
    public void sourceRecovered(Kind kind) {
      log.info("{}: news of {} again", name, kind.plural());
    }
  }

  /** Programs a pod that has just been attached, without the way round by the API. */
  private final class Gate implements PolicyGate {
    @Override
    public boolean attached(
        ResourceKey pod, String container, List<IpAddress> addresses, Duration patience)
        throws InterruptedException {
      synchronized (lock) {
        attachedPods.attach(pod, container, addresses).ifPresent(NodeProcess.this::take);
      }
      program();
      return enforced.await(EndpointId.pod(pod.namespace(), pod.name()), addresses, patience);
    }

    @Override
    public void detached(String container) {
      synchronized (lock) {
        attachedPods.detach(container).ifPresent(NodeProcess.this::take);
      }
      program();
    }
  }
}
