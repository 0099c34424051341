package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.resources.TextTable;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A preview as text: a table of recorded flows, and one of all traffic that could be. */
public final class PreviewText {
  /** More names than these do not fit into a column. */
  private static final int NAMES = 3;

  private final PrintWriter out;

  public PreviewText(PrintWriter out) {
    this.out = out;
  }

  void print(JsonNode report) {
    report.path("change").forEach(line -> out.println(line.asText()));
    if (report.path("pending").asBoolean()) {
      out.println("These are staged: the verdicts are those with the staged policies enforced.");
    }
    out.println();
    printEffect(report);
    for (JsonNode missed : report.path("missed")) {
      out.println();
      out.println("Expected, and nothing of it happens: " + missed.asText());
    }
  }

  /** What turns: on record, and of all traffic, as far as each was looked at. */
  public void printEffect(JsonNode effect) {
    if (effect.path("flows").isObject()) {
      printFlows(effect.path("flows"));
      out.println();
    }
    if (effect.path("endpoints").isObject()) {
      printEndpoints(effect.path("endpoints"));
    }
  }

  private void printFlows(JsonNode flows) {
    out.printf(
        "Recorded: %s, %s%n",
        count(flows, "conversations", "conversation"), count(flows, "connections", "connection"));
    if (!flows.path("items").isEmpty()) {
      TextTable table =
          new TextTable(List.of("CHANGE", "CONNS", "FROM", "TO", "TRAFFIC", "DECIDES NOW", "THEN"));
      flows
          .path("items")
          .forEach(item ->
              table.add(
                  List.of(
                      change(item),
                      item.path("connections").asText(),
                      item.path("source").asText(),
                      item.path("dest").asText(),
                      traffic(item),
                      item.has("missing")
                          ? "depends on " + item.path("missing").asText()
                          : decider(item.path("before")),
                      decider(item.path("after")))));
      table.print(out);
    }
    out.printf(
        "%d allowed -> denied, %d denied -> allowed, %d unknown%n",
        flows.path("allowed_to_denied").asInt(),
        flows.path("denied_to_allowed").asInt(),
        flows.path("unknown").asInt());
  }

  private static String count(JsonNode flows, String field, String one) {
    long count = flows.path(field).asLong();
    return count == 1 ? "1 " + one : count + " " + field;
  }

  private static String traffic(JsonNode item) {
    int port = item.path("port").asInt();
    String protocol = item.path("protocol").asText();
    return port == 0 ? protocol : protocol + "/" + port;
  }

  private void printEndpoints(JsonNode endpoints) {
    out.println("All traffic of the endpoints there are, and from where to where:");
    if (endpoints.path("items").isEmpty()) {
      out.println("no verdict turns");
      return;
    }
    // A pod with two addresses has two rows that look alike.
    Map<List<String>, Long> rows = new LinkedHashMap<>();
    for (JsonNode item : endpoints.path("items")) {
      rows.merge(
          List.of(
              change(item),
              names(item.path("from")),
              names(item.path("to")),
              item.path("traffic").asText(),
              decider(item.path("before")),
              decider(item.path("after"))),
          item.path("pairs").asLong(),
          Long::sum);
    }
    TextTable table =
        new TextTable(List.of("CHANGE", "PAIRS", "FROM", "TO", "TRAFFIC", "DECIDES NOW", "THEN"));
    rows.forEach((cells, pairs) -> {
      List<String> row = new ArrayList<>(cells);
      row.add(1, pairs.toString());
      table.add(row);
    });
    table.print(out);
  }

  private static String change(JsonNode item) {
    return item.path("change").asText() + (item.path("intended").asBoolean() ? " (expected)" : "");
  }

  private static String names(JsonNode places) {
    List<String> names = new ArrayList<>();
    places.forEach(place -> names.add(place.asText()));
    return names.size() <= NAMES + 1
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES)) + " and " + (names.size() - NAMES) + " more";
  }

  private static String decider(JsonNode hit) {
    return hit.isObject() ? HitText.of(hit) : "";
  }
}
