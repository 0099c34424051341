package io.margay.dataplane.nftables;

import io.margay.dataplane.Dataplane;
import io.margay.dataplane.DataplaneStats;
import io.margay.dataplane.InterfaceTable;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.policy.table.TableDelta;

/** Enforces decision tables with nftables in one network namespace. */
public final class NftablesDataplane implements Dataplane {
  private final Ruleset ruleset = new Ruleset();
  private final RulesetWriter writer;
  private final KernelTable kernel;

  public NftablesDataplane(NetworkNamespace namespace, NftablesConfig config) {
    this.writer = new RulesetWriter(config, ruleset);
    this.kernel = new KernelTable(config.table(), ruleset, namespace);
  }

  @Override
  public void apply(TableDelta delta) {
    writer.write(delta);
    kernel.program();
  }

  /** Takes over which interfaces the host has, for host endpoints that are known by address. */
  public void updateInterfaces(InterfaceTable interfaces) {
    writer.interfaces(interfaces);
  }

  /** Compares the whole table with what the kernel really has, and mends what differs. */
  public void resync() {
    kernel.resync();
  }

  public DataplaneStats stats() {
    return new DataplaneStats(
        kernel.transactions(),
        kernel.elementTransactions(),
        kernel.replacements(),
        kernel.refusals(),
        ruleset.pending());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
