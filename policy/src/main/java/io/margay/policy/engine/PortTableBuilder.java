package io.margay.policy.engine;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Outcome;
import io.margay.policy.engine.Walk.ActiveRule;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Turns the rules that apply between two addresses into a port table: cuts protocols and ports
 * where any rule begins or ends to match, decides each cell once, and joins neighbours with one
 * outcome again, so that equal decisions give equal tables.
 */
final class PortTableBuilder {
  private final PortGrid grid;
  private final Walk walk;
  private final ToIntFunction<Outcome> outcomeId;

  PortTableBuilder(Chain chain, List<ActiveRule> rules, ToIntFunction<Outcome> outcomeId) {
    this.grid = new PortGrid(rules);
    this.walk = new Walk(chain, rules);
    this.outcomeId = outcomeId;
  }

  PortTable build() {
    int otherwise = decide(grid.unmentioned(), 0, 0);
    List<ProtocolCells> protocols = new ArrayList<>();
    for (Protocol protocol : grid.mentioned()) {
      List<Cell> cells = cells(protocol);
      if (cells.size() > 1 || cells.getFirst().outcome() != otherwise) {
        protocols.add(new ProtocolCells(protocol, cells));
      }
    }
    return new PortTable(protocols, otherwise);
  }

  private List<Cell> cells(Protocol protocol) {
    List<Cell> cells = new ArrayList<>();
    List<Cell> strip = List.of();
    PortGrid.Ports ports = grid.ports(protocol);
    for (PortRange from : ports.sources()) {
      List<Cell> next = strip(protocol, from, ports.destinations());
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

  private int decide(Protocol protocol, int from, int to) {
    return outcomeId.applyAsInt(walk.decide(protocol, from, to));
  }
}
