package io.margay.policy.engine;

import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyRef;
import io.margay.policy.address.ContentHash;
import io.margay.policy.table.DeltaTracker.Delta;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.List;

/** All port tables and outcomes, each stored once. */
final class TablePool {
  private final Interner<Outcome> outcomes = new Interner<>(TablePool::hash);
  private final Interner<PortTable> tables = new Interner<>(TablePool::hash);

  /** The id of an outcome, for a table that is about to be acquired. */
  int outcome(Outcome outcome) {
    return outcomes.intern(outcome);
  }

  /** The id of a table, which has one more user now. */
  int acquire(PortTable table) {
    int id = tables.intern(table);
    if (tables.acquire(id)) {
      outcomesOf(table)
          .forEach(outcome -> {
            if (outcomes.acquire(outcome)) {
              outcomes.publish(outcome);
            }
          });
      tables.publish(id);
    }
    return id;
  }

  void release(int table) {
    tables.release(table);
  }

  /** Forgets what is unused. */
  void sweep() {
    tables.sweep(table -> outcomesOf(table).forEach(outcomes::release));
    outcomes.sweep(outcome -> {});
  }

  Delta<Integer, Outcome> drainOutcomes() {
    return outcomes.published().drain();
  }

  Delta<Integer, PortTable> drainTables() {
    return tables.published().drain();
  }

  int outcomeCount() {
    return outcomes.size();
  }

  int tableCount() {
    return tables.size();
  }

  private static IntSet outcomesOf(PortTable table) {
    IntSet outcomes = new IntOpenHashSet();
    outcomes.add(table.otherwise());
    for (ProtocolCells protocol : table.protocols()) {
      protocol.cells().forEach(cell -> outcomes.add(cell.outcome()));
    }
    return outcomes;
  }

  private static long hash(PortTable table) {
    ContentHash hash = new ContentHash("table").add(table.otherwise());
    for (ProtocolCells protocol : table.protocols()) {
      hash.add(protocol.protocol().number()).add(protocol.cells().size());
      for (Cell cell : protocol.cells()) {
        hash.add(cell.source().first())
            .add(cell.source().last())
            .add(cell.destination().first())
            .add(cell.destination().last())
            .add(cell.outcome());
      }
    }
    return hash.value();
  }

  private static long hash(Outcome outcome) {
    ContentHash hash =
        new ContentHash("outcome").add(outcome.verdict().name()).add(outcome.pending().name());
    for (List<Hit> hits : List.of(outcome.trace(), outcome.pendingTrace(), outcome.logs())) {
      hash.add(hits.size());
      hits.forEach(hit -> add(hash, hit));
    }
    return hash.value();
  }

  private static void add(ContentHash hash, Hit hit) {
    hash.add(hit.kind().name())
        .add(hit.tier())
        .add(hit.namespace())
        .add(hit.name())
        .add(hit.ruleIndex())
        .add(hit.action().name());
    PolicyRef trigger = hit.trigger();
    if (trigger != null) {
      hash.add(trigger.kind().name())
          .add(trigger.tier())
          .add(trigger.namespace())
          .add(trigger.name());
    }
  }
}
