package io.margay.app.process;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.engine.EngineStats;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StreamListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The decision tables of all nodes at once, kept current from a store: what explanations read.
 * Thread-safe.
 */
public final class ClusterView implements AutoCloseable {
  private final PolicyEngine engine = new PolicyEngine(Scope.allNodes());
  private final DecisionTables tables = new DecisionTables();
  private final Consumer<ResourceChange> alsoTold;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final ResourceStream stream;
  private boolean inSync;

  private ClusterView(ResourceStore store, Consumer<ResourceChange> alsoTold) {
    this.alsoTold = alsoTold;
    this.stream = ResourceStream.start(store, EnumSet.allOf(Kind.class), new Listener());
  }

  /**
   * Follows a store.
   *
   * @param alsoTold gets every change too, on one thread, so that one stream is enough
   */
  public static ClusterView follow(ResourceStore store, Consumer<ResourceChange> alsoTold) {
    return new ClusterView(store, alsoTold);
  }

  /** Waits until everything that the store holds was read; false when that takes too long. */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks the tables of this moment; the decider must not be kept. */
  public synchronized <T> T decide(Function<PathDecider, T> question) {
    return question.apply(new PathDecider(tables, engine.resources()));
  }

  /** The resources of this moment. */
  public synchronized List<Resource> resources() {
    return List.copyOf(engine.resources().values());
  }

  /** What users should mend. */
  public synchronized Map<ResourceKey, List<Problem>> problems() {
    return engine.problems();
  }

  public synchronized EngineStats stats() {
    return engine.stats();
  }

  @Override
  public void close() {
    stream.close();
  }

  /** Feeds the engine. */
  private final class Listener implements StreamListener {
    private final List<ResourceChange> waiting = new ArrayList<>();

    @Override
    public void changed(ResourceChange change) {
      waiting.add(change);
      alsoTold.accept(change);
      inSync |= change instanceof ResourceChange.InSync;
    }

    @Override
    public void flush() {
      synchronized (ClusterView.this) {
        waiting.forEach(engine::apply);
        waiting.clear();
        tables.apply(engine.flush());
      }
      if (inSync) {
        ready.countDown();
      }
    }
  }
}
