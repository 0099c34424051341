package io.margay.console.recommend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.Flow;
import io.margay.flows.query.TimeRange;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.PolicyRecommendationScope;
import io.margay.model.resource.PolicyRecommendationScope.NamespaceSpec;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Tier;
import io.margay.model.selector.Selector;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.recommend.Observation;
import io.margay.policy.recommend.Recommendations;
import io.margay.policy.recommend.Recommender;
import io.margay.policy.recommend.Recommender.Options;
import io.margay.policy.recommend.Recommender.Scope;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StreamListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns policies for namespaces without end, as the PolicyRecommendationScope says: every interval
 * it reads what was seen since, and writes staged policies that allow it. What was seen once stays
 * allowed; after a restart everything since the scope's creation is read again, as far as there is
 * a history.
 */
public final class RecommendationController implements StreamListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecommendationController.class);

  /** Records may come so much later than what they tell of. */
  private static final Duration LATE = Duration.ofHours(1);

  /** A scan may make many observations: more than this are not kept, but counted. */
  private static final int MOST_OBSERVATIONS = 200_000;

  /** The tier of recommended policies, where there is none yet: just before the default one. */
  private static final int TIER_ORDER = 900_000;

  private final ResourceStore store;
  private final Supplier<ClusterView> cluster;
  private final Function<TimeRange, Collection<Flow>> flows;
  private final InstantSource clock;
  private final Thread thread;
  private final Object wake = new Object();
  private boolean clusterKnown;
  private @Nullable PolicyRecommendationScope scope;

  // What follows is of one thread.
  private final Set<Observation> seen = new HashSet<>();
  private @Nullable Instant learnedUntil;
  private String learnedFor = "";

  private volatile Figures figures = new Figures(0, 0, 0, 0);

  /**
   * What was done so far.
   *
   * @param rounds how often was learned
   * @param observations that are kept
   * @param dropped observations that were not, since there are too many
   * @param failures rounds that broke off, and policies that could not be written
   */
  public record Figures(long rounds, long observations, long dropped, long failures) {}

  /**
   * A controller that does not run yet.
   *
   * @param store where policies are written; stays the caller's
   * @param cluster the state of the cluster now
   * @param flows the flows of a time
   */
  public RecommendationController(
      ResourceStore store,
      Supplier<ClusterView> cluster,
      Function<TimeRange, Collection<Flow>> flows,
      InstantSource clock) {
    this.store = store;
    this.cluster = cluster;
    this.flows = flows;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("recommendations").unstarted(this::run);
    thread.setPriority(Thread.MIN_PRIORITY);
  }

  /** Begins to learn. */
  public void start() {
    thread.start();
  }

  /** What was done so far. */
  public Figures figures() {
    return figures;
  }

  /** All resources of the cluster are known from now on. */
  public void clusterInSync() {
    synchronized (wake) {
      clusterKnown = true;
      wake.notifyAll();
    }
  }

  @Override
  public void changed(ResourceChange change) {
    synchronized (wake) {
      switch (change) {
        case ResourceChange.Upsert(PolicyRecommendationScope now) -> scope = now;
        case ResourceChange.Removed _ -> scope = null;
        case ResourceChange.Upsert _, ResourceChange.InSync _ -> {}
      }
      wake.notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        PolicyRecommendationScope now = awaitScope();
        learn(now);
        awaitNews(now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PolicyRecommendationScope awaitScope() throws InterruptedException {
    synchronized (wake) {
      while (!clusterKnown || scope == null || !scope.spec().namespaces().enabled()) {
        wake.wait();
      }
      return scope;
    }
  }

  /** Until the interval is over, or something else is to be learned. */
  private void awaitNews(PolicyRecommendationScope learned) throws InterruptedException {
    long end = System.nanoTime() + learned.spec().interval().toNanos();
    synchronized (wake) {
      while (scope != null && scope.spec().equals(learned.spec())) {
        long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (millis <= 0) {
          return;
        }
        wake.wait(millis);
      }
    }
  }

  /** Learns once. */
  void learn(PolicyRecommendationScope now) {
    Figures before = figures;
    long dropped = 0;
    int failures = 0;
    try {
      Instant time = clock.instant();
      dropped = observe(now, time);
      failures = write(now.spec(), time);
      learnedUntil = time;
    } catch (RuntimeException e) {
      log.warn("Nothing was learned this time", e);
      failures++;
    }
    figures =
        new Figures(
            before.rounds() + 1,
            seen.size(),
            before.dropped() + dropped,
            before.failures() + failures);
  }

  /** Takes in what was seen since the last time, and returns how much of it was not kept. */
  private long observe(PolicyRecommendationScope now, Instant time) {
    String uid = now.metadata().uid();
    if (!uid.equals(learnedFor)) {
      seen.clear();
      learnedUntil = null;
      learnedFor = uid;
    }
    Instant created = now.metadata().creationTimestamp();
    Instant from =
        learnedUntil == null
            ? (created == null ? time : created).minus(now.spec().initialLookback())
            : learnedUntil.minus(LATE);
    FlowObservations records = new FlowObservations(cluster.get());
    long dropped = 0;
    for (Observation one : records.of(flows.apply(new TimeRange(from, time.plusSeconds(1))))) {
      if (seen.size() < MOST_OBSERVATIONS) {
        seen.add(one);
      } else if (!seen.contains(one)) {
        dropped++;
      }
    }
    return dropped;
  }

  /** Writes what changed, and returns how much of it was refused. */
  private int write(PolicyRecommendationScope.Spec spec, Instant time) {
    NamespaceSpec namespaces = spec.namespaces();
    Map<ResourceKey, KubeObject> existing = StoreRecommendations.existing(store);
    Recommendations learned =
        new Recommender(
                new Options(Scope.NAMESPACE, namespaces.tier(), namespaces.passIntraNamespace()),
                selected(namespaces.selector()),
                _ -> false,
                StoreRecommendations.addresses(store),
                existing)
            .recommend(seen);
    if (!learned.policies().isEmpty()) {
      ensureTier(namespaces.tier());
    }
    int failures = 0;
    for (KubeObject policy : learned.policies()) {
      KubeObject before = existing.get(policy.key());
      KubeObject after = LearningStatus.of(spec, time).on(policy, before);
      try {
        if (before == null) {
          store.create(after);
        } else if (!after.json().equals(before.json())) {
          store.update(after);
        }
      } catch (StoreException e) {
        // Somebody else changed it, perhaps: it is looked at again after the interval.
        log.info("{} is not written: {}", policy.key(), e.getMessage());
        failures++;
      }
    }
    return failures;
  }

  private Predicate<String> selected(Selector selector) {
    Set<String> names =
        cluster
            .get()
            .ofKind(Kind.NAMESPACE)
            .filter(namespace -> {
              Map<String, String> labels = new HashMap<>(namespace.metadata().labels());
              labels.put(CalicoLabels.NAME, namespace.metadata().name());
              return selector.matches(labels::get);
            })
            .map(namespace -> namespace.metadata().name())
            .collect(Collectors.toSet());
    return names::contains;
  }

  private void ensureTier(String name) {
    boolean isBuiltIn =
        Tier.builtIn().stream().anyMatch(tier -> tier.metadata().name().equals(name));
    if (isBuiltIn || store.get(new ResourceKey(Kind.TIER, "", name)).isPresent()) {
      return;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", Kind.TIER.apiVersion()).put("kind", Kind.TIER.kind());
    json.putObject("metadata").put("name", name);
    json.putObject("spec").put("order", TIER_ORDER).put("defaultAction", "Deny");
    store.create(new KubeObject(Kind.TIER, json));
  }

  /** Stops learning. */
  @Override
  public void close() {
    thread.interrupt();
  }

  /** Figures by name, for the status. */
  public Map<String, Long> sizes() {
    Figures now = figures;
    Map<String, Long> sizes = new TreeMap<>();
    sizes.put("recommendation_rounds", now.rounds());
    sizes.put("recommendation_observations", now.observations());
    sizes.put("recommendation_failures", now.failures());
    return sizes;
  }
}
