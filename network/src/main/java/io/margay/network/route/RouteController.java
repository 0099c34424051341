package io.margay.network.route;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.RouteEvent;
import io.margay.kernel.route.RouteMonitor;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.route.RouteProgrammer.Outcome;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StreamListener;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the routes of one node as the cluster needs them. One thread owns all state; the stream of
 * resources and the kernel's events only give it work.
 *
 * <p>Nothing is changed before all that existed at the start was read. After that the kernel is
 * looked at again when something in the cluster or in the kernel has changed, a second after it has
 * refused something, and every 90 seconds. When this ends, the routes stay.
 */
public final class RouteController implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RouteController.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  private static final Duration REFRESH = Duration.ofSeconds(90);

  /** The kernel's events come in bursts, and our own changes are among them. */
  private static final Duration SETTLE = Duration.ofMillis(50);

  private final RouteSettings settings;
  private final RouteProgrammer programmer;
  private final RouteMonitor monitor;
  private final ClusterCollector cluster;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("routes").factory());
  private volatile RouteReport report = RouteReport.beforeTheFirst();
  private @Nullable ResourceStream stream;
  private @Nullable TunnelAddresses tunnelAddresses;

  // Owned by the thread.
  private boolean looking;
  private boolean asking;
  private boolean asked;
  private long failures;

  public RouteController(NetworkNamespace namespace, RouteSettings settings) {
    this.settings = settings;
    this.cluster = new ClusterCollector(settings.node());
    this.programmer = new RouteProgrammer(namespace, settings);
    this.monitor = RouteMonitor.open(namespace, this::kernelChanged);
  }

  /** Begins to program what the store says, and to keep the node's tunnel addresses there. */
  public void start(ResourceStore store, InstantSource clock) {
    tunnelAddresses =
        new TunnelAddresses(
            store, new AddressAllocator(store, clock, new SecureRandom()), settings.node());
    stream = ResourceStream.start(store, ClusterCollector.KINDS, new Listener());
    thread.scheduleWithFixedDelay(
        () -> apply(true), REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Says which of this node's pods have another route than a normal one. Takes effect at once: a
   * machine that has moved waits for it.
   */
  public void prioritize(Map<ResourceKey, RoutePriority> priorities) {
    Map<ResourceKey, RoutePriority> copy = Map.copyOf(priorities);
    thread.execute(() -> {
      cluster.setPriorities(copy);
      apply(false);
    });
  }

  /** How the routes are, as of the last look. */
  public RouteReport report() {
    return report;
  }

  /** Whatever it was, one look at everything answers it, also a loss of events. */
  private void kernelChanged(RouteEvent event) {
    lookIn(SETTLE);
  }

  private void lookIn(Duration pause) {
    if (!thread.isShutdown()) {
      thread.execute(() -> {
        if (!looking) {
          looking = true;
          thread.schedule(
              () -> {
                looking = false;
                apply(false);
              },
              pause.toMillis(),
              TimeUnit.MILLISECONDS);
        }
      });
    }
  }

  private void apply(boolean again) {
    if (!cluster.inSync()) {
      return;
    }
    long begin = System.nanoTime();
    List<String> problems = new ArrayList<>(cluster.problems());
    Outcome outcome;
    try {
      RoutePlan plan = RoutePlanner.plan(settings, programmer.completed(cluster.view()));
      problems.addAll(plan.problems());
      if (!asked || plan.lacksTunnel()) {
        askForTunnelAddresses();
      }
      outcome = programmer.apply(plan, again);
    } catch (RuntimeException e) {
      // Whatever it is, the next look must come: the kernel would drift away unseen.
      log.error("{}: routes could not be compared", settings.node(), e);
      outcome = new Outcome(report.routes(), report.waiting(), List.of(e.toString()));
    }
    failures += outcome.failures().size();
    problems.addAll(outcome.failures());
    tell(problems);
    report =
        new RouteReport(
            true,
            outcome.routes(),
            outcome.waiting(),
            report.applied() + 1,
            failures,
            (System.nanoTime() - begin) / 1e9,
            problems);
    if (!outcome.failures().isEmpty()) {
      lookIn(RETRY);
    }
  }

  /**
   * On a thread of its own, for the API may be slow and routes must not wait for it. What comes of
   * it comes back as a change of the Node.
   */
  private void askForTunnelAddresses() {
    TunnelAddresses addresses = tunnelAddresses;
    if (asking || addresses == null) {
      return;
    }
    asking = true;
    asked = true;
    Thread.startVirtualThread(() -> {
      List<String> problems = addresses.ensure();
      problems.forEach(problem -> log.warn("routes: {}", problem));
      if (!thread.isShutdown()) {
        thread.schedule(
            () -> {
              asking = false;
              apply(false);
            },
            problems.isEmpty() ? 0 : ASK_AGAIN.toMillis(),
            TimeUnit.MILLISECONDS);
      }
    });
  }

  /** Each problem once, when it is new. */
  private void tell(List<String> problems) {
    problems.stream()
        .filter(problem -> !report.problems().contains(problem))
        .forEach(problem -> log.warn("{}: routes: {}", settings.node(), problem));
  }

  /** Ends; the routes stay. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
    monitor.close();
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("{}: the kernel has not answered for ten seconds", settings.node());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    programmer.close();
  }

  /** Hands what the stream says to the owning thread. */
  private final class Listener implements StreamListener {
    @Override
    public void changed(ResourceChange change) {
      thread.execute(() -> cluster.apply(change));
    }

    @Override
    public void flush() {
      thread.execute(() -> apply(false));
    }

    @Override
    public void problems(ResourceKey key, List<Problem> problems) {
      problems.forEach(problem -> log.warn("{}: routes: {}", settings.node(), problem));
    }
  }
}
