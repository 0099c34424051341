package io.margay.bench.connect;

import io.margay.dataplane.DataplaneStats.Programming;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.dataplane.nftables.NftablesDataplane;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.policy.engine.EngineStats;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.TableDelta;
import java.util.concurrent.atomic.LongAdder;

/** A node that judges with Margay: the engine and the dataplane as a node's process has them. */
final class JudgedNode implements AutoCloseable {
  private final PolicyEngine engine = new PolicyEngine(Scope.node(Cluster.NODE));
  private final LongAdder flowEvents = new LongAdder();
  private final NftablesDataplane dataplane;

  /**
   * How long a change took.
   *
   * @param engineMillis from the resource to the difference of the tables
   * @param dataplaneMillis from there until the kernel has it
   */
  record Timing(double engineMillis, double dataplaneMillis) {
    double millis() {
      return engineMillis + dataplaneMillis;
    }
  }

  JudgedNode(NetworkNamespace namespace, Cluster cluster) {
    dataplane =
        new NftablesDataplane(
            namespace, NftablesConfig.defaults(Cluster.NODE), event -> flowEvents.increment());
    cluster.resources().forEach(this::note);
    flush();
  }

  private void note(Resource resource) {
    engine.apply(new ResourceChange.Upsert(resource));
  }

  Timing add(Resource resource) {
    note(resource);
    return flush();
  }

  Timing remove(Resource resource) {
    engine.apply(new ResourceChange.Removed(resource.key()));
    return flush();
  }

  private Timing flush() {
    long start = System.nanoTime();
    TableDelta delta = engine.flush();
    long computed = System.nanoTime();
    dataplane.apply(delta);
    return new Timing((computed - start) / 1e6, (System.nanoTime() - computed) / 1e6);
  }

  /** How many transactions the kernel has been given. Asking takes a while: it is asked too. */
  long transactions() {
    Programming stats = dataplane.stats().programming();
    return stats.transactions() + stats.elementTransactions() + stats.replacements();
  }

  /** How many flow events the dataplane has reported: it did so while connections were measured. */
  long flowEvents() {
    return flowEvents.sum();
  }

  EngineStats size() {
    return engine.stats();
  }

  @Override
  public void close() {
    dataplane.close();
  }
}
