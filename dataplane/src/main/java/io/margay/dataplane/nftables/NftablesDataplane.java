package io.margay.dataplane.nftables;

import io.margay.dataplane.Dataplane;
import io.margay.dataplane.DataplaneStats;
import io.margay.dataplane.InterfaceTable;
import io.margay.dataplane.events.KernelEvents;
import io.margay.dataplane.events.NodeTables;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.flow.FlowEvent;
import io.margay.policy.table.TableDelta;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Enforces decision tables with nftables in one network namespace, and reports what became of the
 * connections there. One thread calls it; {@link #stats} and {@link #readCounters} may be called by
 * any.
 */
public final class NftablesDataplane implements Dataplane {
  private static final Duration COUNTER_PERIOD = Duration.ofSeconds(5);

  private final Ruleset ruleset = new Ruleset();
  private final RulesetWriter writer;
  private final KernelTable kernel;
  private final NodeTables tables = new NodeTables();
  private final KernelEvents events;

  /**
   * Begins to collect events; programs nothing before the first {@link #apply}.
   *
   * @param sink takes flow events, from several threads; must not block for long
   */
  public NftablesDataplane(
      NetworkNamespace namespace, NftablesConfig config, Consumer<FlowEvent> sink) {
    this.writer = new RulesetWriter(config, ruleset);
    this.kernel = new KernelTable(config, ruleset, namespace);
    try {
      this.events =
          new KernelEvents(
              namespace,
              new KernelEvents.Settings(
                  config.node(),
                  config.log().egressGroup(),
                  config.log().ingressGroup(),
                  config.marks()::id,
                  COUNTER_PERIOD),
              tables,
              kernel::judgedPackets,
              sink);
    } catch (RuntimeException e) {
      kernel.close();
      throw e;
    }
  }

  @Override
  public void apply(TableDelta delta) {
    writer.write(delta);
    // Known before the kernel can use them, so that no event names an unknown outcome.
    tables.apply(delta);
    kernel.program();
  }

  /** Takes over which interfaces the host has, for host endpoints that are known by address. */
  public void updateInterfaces(InterfaceTable interfaces) {
    tables.interfaces(interfaces);
    if (writer.interfaces(interfaces)) {
      kernel.program();
    }
  }

  /** Compares the whole table with what the kernel really has, and mends what differs. */
  public void resync() {
    kernel.resync();
  }

  /** Reports now what the counters of connections and outcomes say, not only every few seconds. */
  public void readCounters() {
    events.readCounters();
  }

  public DataplaneStats stats() {
    return new DataplaneStats(kernel.stats(), events.stats(), kernel.drops());
  }

  @Override
  public void close() {
    events.close();
    kernel.close();
  }
}
