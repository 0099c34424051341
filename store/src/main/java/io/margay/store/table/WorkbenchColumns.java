package io.margay.store.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The columns of the kinds that are about policies. */
final class WorkbenchColumns {
  private WorkbenchColumns() {}

  static List<Column> assertion() {
    return List.of(
        Column.NAME,
        Column.of("Assertion", o -> firstOf(o.at("/spec/assertions"))),
        Column.of("Holds", o -> Cells.condition(o, "Holds")),
        Column.AGE,
        Column.wideAt("Checked", "/status/lastChecked"),
        Column.wide("Message", o -> firstLine(Cells.conditionMessage(o, "Holds"))));
  }

  static List<Column> recommendationScope() {
    return List.of(
        Column.NAME,
        Column.at("Namespaces", "/spec/namespaceSpec/recStatus"),
        Column.at("Interval", "/spec/interval"),
        Column.AGE,
        Column.wideAt("Selector", "/spec/namespaceSpec/selector"),
        Column.wideAt("Tier", "/spec/namespaceSpec/tierName"));
  }

  private static String firstOf(JsonNode list) {
    String first = list.path(0).asText();
    return list.size() <= 1 ? first : first + " + " + (list.size() - 1) + " more";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
