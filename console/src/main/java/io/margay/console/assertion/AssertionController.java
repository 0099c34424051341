package io.margay.console.assertion;

import io.margay.console.cluster.ClusterView;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.PolicyAssertion;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.proof.Prover;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StreamListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the cluster's PolicyAssertions and says in their status whether they hold. A check is of
 * the newest state there is when it begins; whatever changes meanwhile is for the next one. It has
 * a thread of the lowest priority to itself, waits until changes come to rest, and rests in
 * proportion to what it took, so that no churn makes it use more than a tenth of a processor.
 */
public final class AssertionController implements StreamListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AssertionController.class);

  /** Changes come in groups: an apply of many files, a rollout. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private static final int REST_PER_WORK = 9;
  private static final Duration LONGEST_REST = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final ResourceStore store;
  private final Supplier<ClusterView> cluster;
  private final InstantSource clock;
  private final Map<ResourceKey, PolicyAssertion> assertions = new ConcurrentHashMap<>();
  private final Thread thread;
  private final Object wake = new Object();
  private boolean assertionsKnown;
  private boolean clusterKnown;
  private boolean due;
  private boolean unreachable;
  private volatile AssertionFigures figures = AssertionFigures.NONE;

  /**
   * A controller that does not run yet.
   *
   * @param store where the status is written; stays the caller's
   * @param cluster the state of the cluster now
   */
  public AssertionController(
      ResourceStore store, Supplier<ClusterView> cluster, InstantSource clock) {
    this.store = store;
    this.cluster = cluster;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("assertions").unstarted(this::run);
    thread.setPriority(Thread.MIN_PRIORITY);
  }

  /** Begins to judge. */
  public void start() {
    thread.start();
  }

  /** How the assertions are. */
  public AssertionFigures figures() {
    return figures;
  }

  /** All resources of the cluster are known from now on. */
  public void clusterInSync() {
    synchronized (wake) {
      clusterKnown = true;
      wake.notifyAll();
    }
  }

  /** Something changed that verdicts may depend on. */
  public void clusterChanged() {
    synchronized (wake) {
      due = true;
      wake.notifyAll();
    }
  }

  @Override
  public void changed(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(PolicyAssertion now) -> {
        PolicyAssertion before = assertions.put(now.key(), now);
        // A status of ours comes back as a change, too.
        if (before == null || !isSame(before, now)) {
          clusterChanged();
        }
      }
      case ResourceChange.Removed(ResourceKey key) -> {
        if (assertions.remove(key) != null) {
          clusterChanged();
        }
      }
      case ResourceChange.InSync _ -> {
        synchronized (wake) {
          assertionsKnown = true;
          wake.notifyAll();
        }
      }
      case ResourceChange.Upsert _ -> {}
    }
  }

  private static boolean isSame(PolicyAssertion before, PolicyAssertion now) {
    return before.statements().equals(now.statements())
        && before.metadata().uid().equals(now.metadata().uid())
        && before.metadata().generation() == now.metadata().generation();
  }

  @Override
  public void sourceFailed(Kind kind, StoreException reason) {
    if (!unreachable) {
      log.info("{} cannot be read, so none is judged: {}", kind.plural(), reason.getMessage());
    }
    unreachable = true;
  }

  @Override
  public void sourceRecovered(Kind kind) {
    unreachable = false;
  }

  private void run() {
    try {
      while (true) {
        awaitDue();
        Thread.sleep(SETTLE);
        synchronized (wake) {
          due = false;
        }
        Thread.sleep(rest(check()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitDue() throws InterruptedException {
    synchronized (wake) {
      while (!(due && clusterKnown && assertionsKnown)) {
        wake.wait();
      }
    }
  }

  private static Duration rest(Duration work) {
    Duration rest = work.multipliedBy(REST_PER_WORK);
    return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
  }

  /** Judges all once, and returns how long to count that as work. */
  Duration check() {
    long start = System.nanoTime();
    Map<String, String> holds = new TreeMap<>();
    int failures = 0;
    Map<ResourceKey, PolicyAssertion> now = Map.copyOf(assertions);
    Map<ResourceKey, Judgement> judged = new HashMap<>();
    try {
      judged.putAll(judge(now));
    } catch (RuntimeException e) {
      log.warn("The PolicyAssertions could not be judged", e);
      failures++;
      now.forEach((key, assertion) -> judged.put(key, Judgement.failed(assertion, e)));
    }
    for (Map.Entry<ResourceKey, Judgement> one : judged.entrySet()) {
      holds.put(one.getKey().name(), one.getValue().holds().text());
      failures += write(one.getKey(), one.getValue()) ? 0 : 1;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    AssertionFigures before = figures;
    figures =
        new AssertionFigures(
            holds,
            before.checks() + 1,
            before.seconds() + took.toNanos() / 1e9,
            before.failures() + failures);
    if (failures > 0) {
      // Nothing else may change that would lead to another try.
      clusterChanged();
    }
    return failures > 0 && took.compareTo(RETRY) < 0 ? RETRY.dividedBy(REST_PER_WORK) : took;
  }

  private Map<ResourceKey, Judgement> judge(Map<ResourceKey, PolicyAssertion> now) {
    Map<ResourceKey, Judgement> judged = new HashMap<>();
    if (!now.isEmpty()) {
      Prover prover = new Prover(cluster.get().resources(), Failsafes.CALICO);
      now.forEach((key, assertion) -> judged.put(key, Judgement.of(assertion, prover)));
    }
    return judged;
  }

  /** Whether the status says it now. */
  private boolean write(ResourceKey key, Judgement judgement) {
    try {
      Optional<KubeObject> object = store.get(key);
      object
          .filter(found -> isOf(found, judgement))
          .flatMap(found -> AssertionStatus.changed(found, judgement, clock.instant()))
          .ifPresent(store::updateStatus);
      return true;
    } catch (StoreException e) {
      log.info("The status of {} is not up to date: {}", key, e.getMessage());
      return false;
    }
  }

  /** What was changed since then will be judged again, and is not yet. */
  private boolean isOf(KubeObject found, Judgement judgement) {
    @Nullable PolicyAssertion known = assertions.get(found.key());
    return known != null
        && Objects.equals(known.metadata().uid(), found.json().at("/metadata/uid").asText())
        && judgement.generation() == found.json().at("/metadata/generation").asLong();
  }

  /** Stops judging. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
