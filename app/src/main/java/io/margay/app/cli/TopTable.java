package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Who talks most, denied calls first: the content of {@code margay top}. */
final class TopTable {
  private static final List<String> COLUMNS =
      List.of("VERDICT", "SOURCE", "DESTINATION", "PORT", "CONNS", "PACKETS", "BYTES", "BY");
  private static final int NARROWEST = 40;

  private TopTable() {}

  /** What comes first; denied calls always do, unless it is by name. */
  enum Order {
    CONNECTIONS("connections"),
    BYTES("bytes"),
    PACKETS("packets"),
    NAME("name");

    private final String word;

    Order(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    Order next() {
      return values()[(ordinal() + 1) % values().length];
    }
  }

  private record Key(String verdict, String source, String dest, String port, String by) {}

  private record Row(Key key, long connections, long packets, long bytes) {
    Row plus(Row other) {
      return new Row(
          key, connections + other.connections, packets + other.packets, bytes + other.bytes);
    }

    List<String> cells() {
      return List.of(
          key.verdict(),
          key.source(),
          key.dest(),
          key.port(),
          Long.toString(connections),
          Long.toString(packets),
          Long.toString(bytes),
          key.by());
    }
  }

  /**
   * The table.
   *
   * @param width longer lines are cut
   * @param height at most so many lines, with the header
   */
  static List<String> lines(List<JsonNode> flows, Order order, int width, int height) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(COLUMNS);
    rows(flows, order).stream().limit(Math.max(0, height - 1)).forEach(r -> cells.add(r.cells()));
    int[] widths = new int[COLUMNS.size()];
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return cells.stream().map(row -> cut(FlowTable.line(row, widths), width)).toList();
  }

  private static String cut(String line, int width) {
    int most = Math.max(width, NARROWEST);
    return line.length() <= most ? line : line.substring(0, most - 1) + "…";
  }

  private static List<Row> rows(List<JsonNode> flows, Order order) {
    Map<Key, Row> rows = new HashMap<>();
    for (JsonNode flow : flows) {
      Key key =
          new Key(
              flow.path("action").asText(),
              printable(FlowTable.peer(flow, "source")),
              printable(FlowTable.peer(flow, "dest")),
              FlowTable.port(flow),
              FlowTable.decider(flow.at("/policies/enforced")));
      rows.merge(
          key,
          new Row(
              key,
              flow.path("connections_started").asLong(),
              flow.path("packets_in").asLong() + flow.path("packets_out").asLong(),
              flow.path("bytes_in").asLong() + flow.path("bytes_out").asLong()),
          Row::plus);
    }
    return rows.values().stream().sorted(comparator(order)).toList();
  }

  /** Names must not be able to move the cursor. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static Comparator<Row> comparator(Order order) {
    Comparator<Row> byName =
        Comparator.comparing((Row row) -> row.key().source())
            .thenComparing(row -> row.key().dest())
            .thenComparing(row -> row.key().port())
            .thenComparing(row -> row.key().verdict())
            .thenComparing(row -> row.key().by());
    Comparator<Row> deniedFirst =
        Comparator.comparing((Row row) -> !row.key().verdict().equals("Deny"));
    return switch (order) {
      case CONNECTIONS -> deniedFirst.thenComparing(most(Row::connections)).thenComparing(byName);
      case BYTES -> deniedFirst.thenComparing(most(Row::bytes)).thenComparing(byName);
      case PACKETS -> deniedFirst.thenComparing(most(Row::packets)).thenComparing(byName);
      case NAME -> byName;
    };
  }

  private static Comparator<Row> most(ToLongFunction<Row> figure) {
    return Comparator.comparingLong(figure).reversed();
  }
}
