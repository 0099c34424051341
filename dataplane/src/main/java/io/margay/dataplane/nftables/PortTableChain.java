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
  private final List<String> rules = new ArrayList<>();
  private final Map<String, Map<ElementKey, ElementValue>> maps = new HashMap<>();

  private PortTableChain(int id, IntUnaryOperator marks) {
    this.id = id;
    this.marks = marks;
  }

  /** The chain's rules, and the maps that they look into by name. */
  record Rendered(List<String> rules, Map<String, Map<ElementKey, ElementValue>> maps) {}

  /**
   * @param marks outcome id to mark
   */
  static Rendered render(int id, PortTable table, IntUnaryOperator marks) {
    PortTableChain chain = new PortTableChain(id, marks);
    table.protocols().forEach(cells -> chain.protocol(cells, table.otherwise()));
    chain.rules.add(chain.setMark(table.otherwise()));
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
      rules.add("meta l4proto " + number + " meta mark set th dport map @" + name + " return");
      return;
    }
    int usual = mostFrequent(cells);
    for (Cell cell : cells) {
      if (cell.outcome() != usual) {
        rules.add(match(protocol.protocol(), cell) + " " + setMark(cell.outcome()) + " return");
      }
    }
    boolean special = cells.stream().anyMatch(cell -> cell.outcome() != usual);
    if (usual != otherwise || special) {
      rules.add("meta l4proto " + number + " " + setMark(usual) + " return");
    }
  }

  private static String match(Protocol protocol, Cell cell) {
    StringBuilder rule = new StringBuilder("meta l4proto ").append(protocol.number());
    if (protocol.isIcmp()) {
      // Type and code are the first two bytes, as in the table's cells.
      return rule.append(" @th,0,16 ").append(range(cell.destination())).toString();
    }
    if (!cell.source().equals(PortRange.ALL)) {
      rule.append(" th sport ").append(range(cell.source()));
    }
    if (!cell.destination().equals(PortRange.ALL)) {
      rule.append(" th dport ").append(range(cell.destination()));
    }
    return rule.toString();
  }

  private static String range(PortRange range) {
    return range.toString().replace(':', '-');
  }

  private String setMark(int outcome) {
    return "meta mark set " + Integer.toUnsignedString(marks.applyAsInt(outcome));
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
