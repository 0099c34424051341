package io.margay.policy.engine;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Outcome;
import io.margay.policy.engine.Walk.ActiveRule;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import it.unimi.dsi.fastutil.ints.IntAVLTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * Turns the rules that apply between two addresses into a port table: cuts protocols and ports
 * where any rule begins or ends to match, decides each cell once, and joins neighbours with one
 * outcome again, so that equal decisions give equal tables.
 */
final class PortTableBuilder {
  private final List<ActiveRule> rules;
  private final Walk walk;
  private final ToIntFunction<Outcome> outcomeId;

  PortTableBuilder(Chain chain, List<ActiveRule> rules, ToIntFunction<Outcome> outcomeId) {
    this.rules = rules;
    this.walk = new Walk(chain, rules);
    this.outcomeId = outcomeId;
  }

  PortTable build() {
    Set<Protocol> mentioned = new TreeSet<>();
    rules.forEach(active -> active.transport().mention(mentioned));
    int otherwise = decide(unmentioned(mentioned), 0, 0);
    List<ProtocolCells> protocols = new ArrayList<>();
    for (Protocol protocol : mentioned) {
      List<Cell> cells = cells(protocol);
      if (cells.size() > 1 || cells.getFirst().outcome() != otherwise) {
        protocols.add(new ProtocolCells(protocol, cells));
      }
    }
    return new PortTable(protocols, otherwise);
  }

  /** Any protocol that no rule tells apart stands for all of them. */
  private static Protocol unmentioned(Set<Protocol> mentioned) {
    for (int number = 255; number > 1; number--) {
      Protocol protocol = new Protocol(number);
      if (!mentioned.contains(protocol) && !protocol.hasPorts() && !protocol.isIcmp()) {
        return protocol;
      }
    }
    // Every protocol has its own cells then, and the rest is empty.
    return new Protocol(255);
  }

  private List<Cell> cells(Protocol protocol) {
    IntSortedSet fromCuts = new IntAVLTreeSet();
    IntSortedSet toCuts = new IntAVLTreeSet();
    fromCuts.add(0);
    toCuts.add(0);
    for (ActiveRule active : rules) {
      Protocol own = active.transport().protocol();
      if (own == null || own.equals(protocol)) {
        active.transport().cutSource(protocol, fromCuts);
        active.transport().cutDestination(protocol, toCuts);
      }
    }
    List<Cell> cells = new ArrayList<>();
    List<Cell> strip = List.of();
    for (PortRange from : ranges(fromCuts)) {
      List<Cell> next = strip(protocol, from, ranges(toCuts));
      if (sameOutcomes(strip, next)) {
        PortRange wider = new PortRange(strip.getFirst().source().first(), from.last());
        strip = strip.stream().map(c -> new Cell(wider, c.destination(), c.outcome())).toList();
      } else {
        cells.addAll(strip);
        strip = next;
      }
    }
    cells.addAll(strip);
    return cells;
  }

  private List<Cell> strip(Protocol protocol, PortRange from, List<PortRange> destinations) {
    List<Cell> strip = new ArrayList<>();
    for (PortRange to : destinations) {
      int outcome = decide(protocol, from.first(), to.first());
      Cell last = strip.isEmpty() ? null : strip.getLast();
      if (last != null && last.outcome() == outcome) {
        PortRange wider = new PortRange(last.destination().first(), to.last());
        strip.set(strip.size() - 1, new Cell(from, wider, outcome));
      } else {
        strip.add(new Cell(from, to, outcome));
      }
    }
    return strip;
  }

  private static boolean sameOutcomes(List<Cell> one, List<Cell> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i).outcome() != other.get(i).outcome()
          || !one.get(i).destination().equals(other.get(i).destination())) {
        return false;
      }
    }
    return true;
  }

  private static List<PortRange> ranges(IntSortedSet cuts) {
    int[] starts = cuts.toIntArray();
    List<PortRange> ranges = new ArrayList<>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      ranges.add(new PortRange(starts[i], i + 1 < starts.length ? starts[i + 1] - 1 : 0xffff));
    }
    return ranges;
  }

  private int decide(Protocol protocol, int from, int to) {
    return outcomeId.applyAsInt(walk.decide(protocol, from, to));
  }
}
