package io.margay.dataplane.nftables;

import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.DataplaneStats;
import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Libc;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Generation;
import io.margay.kernel.nft.NftException;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.nft.RulesetBatch;
import io.margay.kernel.nft.SetElement;
import io.margay.model.verdict.Direction;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps our table in the kernel as the ruleset wants it, by transactions that hold a difference.
 */
final class KernelTable implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KernelTable.class);

  private static final Duration PACKETS_PASS = Duration.ofMillis(1);

  /** Longer than a hypervisor is likely to stop a processor in the midst of a packet. */
  private static final Duration LATE_PACKETS_PASS = Duration.ofMillis(100);

  private final NftablesConfig config;
  private final String table;
  private final String guard;
  private final Ruleset ruleset;
  private final Nftables nftables;
  private final NetlinkSocket netlink;
  private boolean readBack;

  /**
   * The generation in which the kernel had what we believe it has; empty where a stranger's
   * transaction may have come between.
   */
  private OptionalInt generation = OptionalInt.empty();

  // Written by the one thread that programs, read by any.
  private volatile long transactions;
  private volatile long elementTransactions;
  private volatile long replacements;
  private volatile long refusals;
  private volatile int pending;

  KernelTable(NftablesConfig config, Ruleset ruleset, NetworkNamespace namespace) {
    this.config = config;
    this.table = config.table();
    this.guard = table + "_guard";
    this.ruleset = ruleset;
    this.nftables = Nftables.open(namespace);
    this.netlink = NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER);
  }

  /**
   * Programs the difference. When the kernel refuses, someone else has changed the table: it is
   * read back and the difference taken anew. When that is refused too, the whole table is replaced.
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
    boolean first = !readBack;
    if (first) {
      readBack();
    }
    if (!ruleset.inSync()) {
      mend();
    }
    if (first && tableExists(guard)) {
      // A process before was killed while it replaced the table.
      deleteGuard();
    }
  }

  private void mend() {
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

  /**
   * Compares with what is really there, and mends what a stranger has changed. Where nobody but us
   * has changed any table since, there is nothing to read.
   */
  void resync() {
    if (generation.isEmpty() || generation.getAsInt() != Generation.now(netlink)) {
      readBack = false;
    }
    program();
  }

  private void readBack() {
    int before = Generation.now(netlink);
    ruleset.replaceActual(tableExists(table) ? read() : TableListing.absent());
    generation = Generation.now(netlink) == before ? OptionalInt.of(before) : OptionalInt.empty();
    readBack = true;
  }

  private TableListing read() {
    TableListing listing = TableListing.parse(list("list table inet " + table));
    Map<String, Map<ElementKey, ElementValue>> elements = HashMap.newHashMap(listing.sets().size());
    listing
        .sets()
        .forEach((set, spec) ->
            elements.put(set, ElementReader.read(spec, SetElement.list(netlink, table, set))));
    return listing.with(elements);
  }

  private boolean tableExists(String name) {
    return nftables
        .list("list tables inet", Nftables.Format.TEXT)
        .lines()
        .anyMatch(line -> line.strip().equals("table inet " + name));
  }

  /**
   * Programs the difference. Packets that are being judged when a transaction takes effect have
   * passed before the next one does.
   */
  private void commit() {
    if (!ruleset.tableExists()) {
      fillLargeSets();
    }
    Handover handover = Handover.of(ruleset);
    if (handover == null) {
      change();
    } else {
      handOver(handover);
    }
    ruleset.classes().seen();
  }

  /**
   * Begins a new table with the sets that are large. Nothing looks into them before there are
   * chains, so it can be done in parts: for all addresses of a cluster in one transaction,
   * libnftables takes hundreds of megabytes, which the process keeps.
   */
  private void fillLargeSets() {
    Map<String, List<ElementKey>> large = new HashMap<>();
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (content.pending() > RulesetBatch.MAX_MESSAGES && ruleset.canBeFilledFirst(set)) {
            large.put(set, List.copyOf(content.desired().keySet()));
          }
        });
    if (large.isEmpty()) {
      return;
    }
    take(Transaction.emptySets(table, ruleset));
    large.forEach((set, keys) -> {
      for (int from = 0; from < keys.size(); from += RulesetBatch.MAX_MESSAGES) {
        int to = Math.min(keys.size(), from + RulesetBatch.MAX_MESSAGES);
        take(Transaction.some(set, keys.subList(from, to), table, ruleset));
      }
    });
  }

  private void handOver(Handover handover) {
    try {
      handover.begin();
      take(Transaction.besides(handover.maps(), table, ruleset));
      letEveryPacketPass();
      take(Transaction.rules(table, ruleset));
      letEveryPacketPass();
      take(Transaction.elements(handover.maps(), table, ruleset));
      letEveryPacketPass();
    } finally {
      handover.end();
    }
    take(Transaction.rules(table, ruleset));
    letEveryPacketPass();
    take(Transaction.removals(table, ruleset));
  }

  private void change() {
    if (take(Transaction.additions(table, ruleset))) {
      letPacketsPass();
    }
    boolean changed = take(Transaction.changes(table, ruleset));
    Transaction removals = Transaction.removals(table, ruleset);
    if (changed && !removals.isEmpty()) {
      letPacketsPass();
    }
    take(removals);
  }

  private boolean take(Transaction transaction) {
    if (transaction.isEmpty()) {
      return false;
    }
    if (transaction.isSmall()) {
      transaction.batch().apply(netlink);
      elementTransactions = elementTransactions + 1;
    } else {
      nftables.apply(transaction.commands());
      transactions = transactions + 1;
    }
    transaction.confirm();
    countOwn();
    return true;
  }

  /** A transaction of ours took effect: if it was the only one, we still know all that is there. */
  private void countOwn() {
    int now = Generation.now(netlink);
    boolean onlyOurs = generation.isPresent() && now == generation.getAsInt() + 1;
    generation = onlyOurs ? OptionalInt.of(now) : OptionalInt.empty();
  }

  /** A packet is judged within microseconds; one that takes longer finds nothing and is dropped. */
  private static void letPacketsPass() {
    sleep(PACKETS_PASS);
  }

  /** Where a late packet could be let through that should not be, time alone does not do. */
  private static void letEveryPacketPass() {
    try {
      Libc.awaitGracePeriod();
    } catch (KernelException e) {
      sleep(LATE_PACKETS_PASS);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Replaces the whole table. Its hooks change too, and a packet could find the old ones gone
   * before it finds the new ones, so a copy of the new table stands guard under another name
   * meanwhile. A table is emptied of rules before it goes, because its maps go before the packets
   * that are about to look into them.
   */
  private void replace() {
    generation = OptionalInt.empty();
    nftables.apply(Transaction.whole(guard, ruleset).commands());
    letPacketsPass();
    if (tableExists(table)) {
      nftables.apply(disarm(table));
      letPacketsPass();
    }
    Transaction whole = Transaction.whole(table, ruleset);
    nftables.apply(whole.commands());
    whole.confirm();
    replacements = replacements + 1;
    letPacketsPass();
    deleteGuard();
  }

  private void deleteGuard() {
    generation = OptionalInt.empty();
    nftables.apply(disarm(guard));
    letPacketsPass();
    nftables.apply("delete table inet " + guard);
  }

  /** Commands that let everything pass a table, so that only the other one decides. */
  private String disarm(String name) {
    StringBuilder commands = new StringBuilder();
    TableListing.parse(list("list table inet " + name))
        .chains()
        .forEach((chain, content) -> {
          if (content.hook() != null) {
            commands
                .append("flush chain inet ")
                .append(name)
                .append(' ')
                .append(chain)
                .append('\n');
          }
        });
    return commands.toString();
  }

  /** How many packets each outcome had, by mark; none while there is no table. */
  Map<Integer, Long> judgedPackets(Direction direction) {
    try {
      return ElementReader.packetsByMark(
          SetElement.list(netlink, table, Layout.sampled(config, direction)));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Map.of();
      }
      throw e;
    }
  }

  /** Packets dropped for other reasons than a policy. */
  Map<String, Long> drops() {
    return tableExists(table)
        ? TableListing.packetCounters(list("list counters table inet " + table))
        : Map.of();
  }

  private String list(String command) {
    return nftables.list(command, Nftables.Format.TERSE_JSON);
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
