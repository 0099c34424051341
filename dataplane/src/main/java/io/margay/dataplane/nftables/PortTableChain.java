package io.margay.dataplane.nftables;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * A port table as a chain that leaves the outcome in the packet mark. A few cells are a few rules,
 * which the kernel walks faster than it searches a set; many are an interval map for each protocol.
 */
final class PortTableChain {
  /** From so many cells of one protocol on, a map is faster than rules. */
  private static final int CELLS_FOR_A_MAP = 8;

  private final int id;
  private final IntUnaryOperator marks;
  private final List<Chain.Rule> rules = new ArrayList<>();
  private final Map<String, Map<ElementKey, ElementValue>> maps = new HashMap<>();

  private PortTableChain(int id, IntUnaryOperator marks) {
    this.id = id;
    this.marks = marks;
  }

  /** The chain's rules, and the maps that they look into by name. */
  record Rendered(List<Chain.Rule> rules, Map<String, Map<ElementKey, ElementValue>> maps) {}

  /**
   * @param marks outcome id to mark
   */
  static Rendered render(int id, PortTable table, IntUnaryOperator marks) {
    PortTableChain chain = new PortTableChain(id, marks);
    table.protocols().forEach(cells -> chain.protocol(cells, table.otherwise()));
    chain.add(PortRule.otherwise(marks.applyAsInt(table.otherwise())));
    return new Rendered(chain.rules, chain.maps);
  }

  private void protocol(ProtocolCells protocol, int otherwise) {
    List<Cell> cells = protocol.cells();
    int number = protocol.protocol().number();
    if (cells.size() >= CELLS_FOR_A_MAP
        && protocol.protocol().hasPorts()
        && cells.stream().allMatch(cell -> cell.source().equals(PortRange.ALL))) {
      String name = "ports_" + id + "_" + number;
      Map<ElementKey, ElementValue> elements = new HashMap<>();
      for (Cell cell : cells) {
        elements.put(
            new ElementKey.Ports(cell.destination()),
            new ElementValue.Mark(marks.applyAsInt(cell.outcome())));
      }
      maps.put(name, elements);
      rules.add(
          Chain.Rule.of(
              "meta l4proto " + number + " meta mark set th dport map @" + name + " return"));
      return;
    }
    int usual = mostFrequent(cells);
    for (Cell cell : cells) {
      if (cell.outcome() != usual) {
        add(rule(protocol.protocol(), cell.source(), cell.destination(), cell.outcome()));
      }
    }
    boolean special = cells.stream().anyMatch(cell -> cell.outcome() != usual);
    if (usual != otherwise || special) {
      add(rule(protocol.protocol(), PortRange.ALL, PortRange.ALL, usual));
    }
  }

  private PortRule rule(Protocol protocol, PortRange from, PortRange to, int outcome) {
    return new PortRule(protocol, from, to, marks.applyAsInt(outcome));
  }

  private void add(PortRule rule) {
    rules.add(Chain.Rule.of(rule));
  }

  private static int mostFrequent(List<Cell> cells) {
    Map<Integer, Integer> counts = new HashMap<>();
    int best = cells.getFirst().outcome();
    for (Cell cell : cells) {
      int count = counts.merge(cell.outcome(), 1, Integer::sum);
      if (count > counts.getOrDefault(best, 0)) {
        best = cell.outcome();
      }
    }
    return best;
  }
}
