package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.resources.TextTable;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;
import java.util.List;

/** Rules that are not needed as a table, with a line for each thing that covers one. */
final class LintText {
  private LintText() {}

  static void print(JsonNode lint, PrintWriter out) {
    TextTable table = new TextTable(List.of("RESULT", "TIER", "POLICY", "RULE", "COVERED BY"));
    for (JsonNode rule : lint.path("items")) {
      List<String> covers = covers(rule);
      table.add(
          List.of(
              rule.path("result").asText(),
              rule.path("tier").asText(),
              HitText.name(rule),
              rule.path("direction").asText() + "[" + rule.path("rule_index").asInt() + "]",
              covers.getFirst()));
      covers.stream().skip(1).forEach(cover -> table.add(List.of("", "", "", "", cover)));
    }
    if (!lint.path("items").isEmpty()) {
      table.print(out);
      out.println();
    }
    out.printf(
        "%d shadowed, %d redundant, %d unmatched, %d needed%n",
        lint.path("shadowed").asInt(),
        lint.path("redundant").asInt(),
        lint.path("unmatched").asInt(),
        lint.path("needed").asInt());
    if (lint.path("shadowed").asInt() + lint.path("redundant").asInt() > 1) {
      out.println(
          "Each is judged with all others in place: take one away, then look again, since two may"
              + " cover each other.");
    }
  }

  private static List<String> covers(JsonNode rule) {
    List<String> covers = rule.path("covered_by").valueStream().map(HitText::of).toList();
    return covers.isEmpty() ? List.of("-") : covers;
  }
}
