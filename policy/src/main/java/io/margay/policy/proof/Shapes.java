package io.margay.policy.proof;

import io.margay.model.net.Protocol;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.PortTable;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * Numbers what tables and groups say when it does not matter why: an outcome stands for its trace
 * too, so that two namespaces whose profiles allow the same have different tables, and yet one
 * shape. Views with the same shapes can be compared by number.
 */
final class Shapes {
  private static final List<Verdict> VERDICTS = List.of(Verdict.values());

  private final Map<PortTable, Integer> tableNumbers = new HashMap<>();
  private final List<PortTable> tables = new ArrayList<>();
  private final Map<Row, Integer> rowNumbers = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /**
   * What a group does with traffic from or to everybody else.
   *
   * @param usual the shape for every class that {@code others} does not name
   * @param others class to another shape than the usual
   */
  private record Row(int usual, Int2IntMap others) {}

  /** The number of a table's shape. */
  int table(PortTable table, IntFunction<Outcome> outcomes, boolean pending) {
    IntUnaryOperator verdict =
        id -> {
          Outcome outcome = outcomes.apply(id);
          return (pending ? outcome.pending() : outcome.verdict()).ordinal();
        };
    List<PortTable.ProtocolCells> protocols = new ArrayList<>();
    for (PortTable.ProtocolCells told : table.protocols()) {
      List<PortTable.Cell> cells = new ArrayList<>();
      for (PortTable.Cell cell : told.cells()) {
        cells.add(
            new PortTable.Cell(
                cell.source(), cell.destination(), verdict.applyAsInt(cell.outcome())));
      }
      protocols.add(new PortTable.ProtocolCells(told.protocol(), cells));
    }
    PortTable shape = new PortTable(protocols, verdict.applyAsInt(table.otherwise()));
    return number(shape, tableNumbers, tables);
  }

  /** The number of a group's shape, with the shapes of its tables. */
  int group(EndpointGroup group, Int2IntMap shapes) {
    int usual = shapes.get(group.usual());
    Int2IntMap others = new Int2IntOpenHashMap();
    group
        .tables()
        .forEach((peerClass, table) -> {
          int shape = shapes.get(table.intValue());
          if (shape != usual) {
            others.put(peerClass.intValue(), shape);
          }
        });
    return number(new Row(usual, others), rowNumbers, rows);
  }

  private static <T> int number(T shape, Map<T, Integer> numbers, List<T> shapes) {
    Integer known = numbers.putIfAbsent(shape, shapes.size());
    if (known != null) {
      return known;
    }
    shapes.add(shape);
    return shapes.size() - 1;
  }

  /** A table whose outcomes are numbers of verdicts. */
  PortTable table(int number) {
    return tables.get(number);
  }

  /** The shape of the table with which a group, by its number, judges a class. */
  int table(int group, int peerClass) {
    Row row = rows.get(group);
    return row.others.getOrDefault(peerClass, row.usual);
  }

  /** What a table of {@link #table(int)} says of a packet. */
  Verdict verdict(int table, Protocol protocol, int from, int to) {
    return VERDICTS.get(tables.get(table).outcome(protocol, from, to));
  }
}
