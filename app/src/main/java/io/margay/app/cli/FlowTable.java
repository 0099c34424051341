package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Flows as lines of a table. A list fits its columns to its rows; a stream cannot, so it guesses.
 */
final class FlowTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final List<String> COLUMNS =
      List.of("TIME", "VERDICT", "PENDING", "SOURCE", "DESTINATION", "PORT", "AT", "CONNS", "BY");
  private static final List<String> WIDE =
      List.of("SERVICE", "PACKETS", "BYTES", "LIVE", "PENDING BY");
  private static final int[] STREAM_WIDTHS = {8, 7, 7, 28, 28, 9, 3, 5, 44, 20, 11, 15, 4, 40};

  private FlowTable() {}

  static void print(List<JsonNode> flows, boolean wide, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(wide));
    flows.forEach(flow -> rows.add(row(flow, wide)));
    print(rows, out);
  }

  /** Rows whose columns are as wide as their widest cell; the first one is the header. */
  static void print(List<List<String>> rows, PrintWriter out) {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    rows.forEach(row -> out.println(line(row, widths)));
  }

  static void printHeader(boolean wide, PrintWriter out) {
    out.println(line(header(wide), STREAM_WIDTHS));
    out.flush();
  }

  static void printRow(JsonNode flow, boolean wide, PrintWriter out) {
    out.println(line(row(flow, wide), STREAM_WIDTHS));
  }

  static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      line.append(cell);
      if (i < cells.size() - 1) {
        line.repeat(' ', Math.max(0, widths[i] - cell.length()) + 2);
      }
    }
    return line.toString();
  }

  static List<String> header(boolean wide) {
    List<String> header = new ArrayList<>(COLUMNS);
    if (wide) {
      header.addAll(WIDE);
    }
    return header;
  }

  static List<String> row(JsonNode flow, boolean wide) {
    String action = flow.path("action").asText();
    String pending = flow.path("pending_action").asText();
    List<String> row = new ArrayList<>();
    row.add(TIME.format(Instant.parse(flow.path("start_time").asText())));
    row.add(action);
    row.add(pending.equals(action) ? "" : pending);
    row.add(peer(flow, "source"));
    row.add(peer(flow, "dest"));
    row.add(port(flow));
    row.add(flow.path("reporter").asText());
    row.add(flow.path("connections_started").asText());
    row.add(decider(flow.at("/policies/enforced")));
    if (wide) {
      JsonNode service = flow.path("dest_service");
      row.add(
          service.isNull()
              ? ""
              : service.path("namespace").asText() + "/" + service.path("name").asText());
      row.add(both(flow, "packets"));
      row.add(both(flow, "bytes"));
      row.add(flow.path("connections_live").asText());
      row.add(pending.equals(action) ? "" : decider(flow.at("/policies/pending")));
    }
    return row;
  }

  static String peer(JsonNode flow, String end) {
    String namespace = flow.path(end + "_namespace").asText();
    String name = flow.path(end + "_name").asText();
    return namespace.equals("-") ? name : namespace + "/" + name;
  }

  static String port(JsonNode flow) {
    String protocol = flow.path("protocol").asText();
    int port = flow.path("dest_port").asInt();
    return port == 0 ? protocol : protocol + "/" + port;
  }

  private static String both(JsonNode flow, String what) {
    return flow.path(what + "_in").asText() + "/" + flow.path(what + "_out").asText();
  }

  static String decider(JsonNode hits) {
    return hits.isEmpty() ? "" : HitText.of(hits.get(hits.size() - 1));
  }
}
