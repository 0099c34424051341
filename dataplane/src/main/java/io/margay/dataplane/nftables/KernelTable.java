package io.margay.dataplane.nftables;

import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.DataplaneStats;
import io.margay.dataplane.DeltaTracker;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.ElementBatch;
import io.margay.kernel.nft.NftException;
import io.margay.kernel.nft.Nftables;
import io.margay.model.verdict.Direction;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps our table in the kernel as the ruleset wants it, by transactions that hold a difference.
 */
final class KernelTable implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KernelTable.class);

  private final String table;
  private final Ruleset ruleset;
  private final Nftables nftables;
  private final NetlinkSocket netlink;
  private boolean readBack;
  // Written by the one thread that programs, read by any.
  private volatile long transactions;
  private volatile long elementTransactions;
  private volatile long replacements;
  private volatile long refusals;
  private volatile int pending;

  KernelTable(String table, Ruleset ruleset, NetworkNamespace namespace) {
    this.table = table;
    this.ruleset = ruleset;
    this.nftables = Nftables.open(namespace);
    this.netlink = NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER);
  }

  /**
   * Programs the difference. When the kernel refuses it, someone else has changed the table: it is
   * read back and the difference taken anew. When that is refused too, the whole table is replaced,
   * in one transaction as well.
   *
   * @throws DataplaneException if even that is refused; the kernel still has what it had
   */
  void program() {
    try {
      bringIntoSync();
    } finally {
      pending = ruleset.pending();
    }
  }

  private void bringIntoSync() {
    if (!readBack) {
      readBack();
    }
    if (ruleset.inSync()) {
      return;
    }
    try {
      if (ruleset.needsReplacing()) {
        replace();
      } else {
        commit();
      }
    } catch (NftException | KernelException e) {
      refused(e);
      repair();
    }
  }

  private void repair() {
    try {
      readBack();
      if (!ruleset.needsReplacing()) {
        commit();
        return;
      }
    } catch (NftException | KernelException e) {
      refused(e);
    }
    try {
      replace();
    } catch (NftException e) {
      refused(e);
      readBack = false;
      throw new DataplaneException("table inet " + table + ": " + e.getMessage(), e);
    }
  }

  private void refused(RuntimeException e) {
    refusals = refusals + 1;
    log.warn("table inet {}: the kernel refused a transaction: {}", table, e.getMessage());
  }

  /** Compares with what is really there, and mends what a stranger has changed. */
  void resync() {
    readBack = false;
    program();
  }

  private void readBack() {
    ruleset.replaceActual(
        tableExists()
            ? TableListing.parse(nftables.list("list table inet " + table, Nftables.Format.JSON))
            : TableListing.absent());
    readBack = true;
  }

  private boolean tableExists() {
    return nftables
        .list("list tables inet", Nftables.Format.TEXT)
        .lines()
        .anyMatch(line -> line.strip().equals("table inet " + table));
  }

  private void commit() {
    if (onlyFewElements()) {
      elementBatch().apply(netlink);
      elementTransactions = elementTransactions + 1;
    } else {
      nftables.apply(Transaction.difference(table, ruleset));
      transactions = transactions + 1;
    }
    ruleset.confirm();
  }

  private void replace() {
    nftables.apply(Transaction.replacement(table, ruleset));
    replacements = replacements + 1;
    ruleset.confirm();
  }

  /** Whether the difference is so small and simple that libnftables is not needed. */
  private boolean onlyFewElements() {
    if (!ruleset.tableExists()
        || !ruleset.chains().inSync()
        || !ruleset.sets().inSync()
        || !ruleset.counters().inSync()
        || ruleset.pending() > ElementBatch.MAX_ELEMENTS / 2) {
      return false;
    }
    boolean[] simple = {true};
    ruleset
        .allElements()
        .values()
        .forEach(content -> {
          content.forEachToSet((key, value) ->
              simple[0] &= KernelBytes.key(key) != null && !(value instanceof ElementValue.Goto));
          content.forEachToRemove(key -> simple[0] &= KernelBytes.key(key) != null);
        });
    return simple[0];
  }

  private ElementBatch elementBatch() {
    ElementBatch batch = new ElementBatch(table);
    for (Map.Entry<String, DeltaTracker<ElementKey, ElementValue>> set :
        ruleset.allElements().entrySet()) {
      String name = set.getKey();
      DeltaTracker<ElementKey, ElementValue> content = set.getValue();
      content.forEachToRemove(key -> batch.delete(name, bytes(key)));
      content.forEachToSet((key, value) -> {
        if (content.actual(key) != null) {
          batch.delete(name, bytes(key));
        }
        batch.add(name, bytes(key), KernelBytes.value(value));
      });
    }
    return batch;
  }

  private static byte[] bytes(ElementKey key) {
    byte[] bytes = KernelBytes.key(key);
    if (bytes == null) {
      throw new IllegalArgumentException("ranges go through libnftables: " + key);
    }
    return bytes;
  }

  /** How many packets each outcome had, by mark; none while there is no table. */
  Map<Integer, Long> judgedPackets(Direction direction) {
    String set = direction == Direction.EGRESS ? Layout.SAMPLED_EGRESS : Layout.SAMPLED_INGRESS;
    return tableExists()
        ? TableListing.elementCounters(list("list set inet " + table + " " + set))
        : Map.of();
  }

  /** Packets dropped for other reasons than a policy. */
  Map<String, Long> drops() {
    return tableExists()
        ? TableListing.packetCounters(list("list counters table inet " + table))
        : Map.of();
  }

  private String list(String command) {
    return nftables.list(command, Nftables.Format.JSON);
  }

  DataplaneStats.Programming stats() {
    return new DataplaneStats.Programming(
        transactions, elementTransactions, replacements, refusals, pending);
  }

  @Override
  public void close() {
    netlink.close();
    nftables.close();
  }
}
