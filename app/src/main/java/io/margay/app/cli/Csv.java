package io.margay.app.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Lines of comma-separated values (RFC 4180), safe to open in a spreadsheet. */
final class Csv {
  private Csv() {}

  static String line(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(","));
  }

  private static String cell(String text) {
    // A spreadsheet would take these for formulas; names come from whoever may create a pod.
    String safe =
        !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 && text.length() > 1
            ? "'" + text
            : text;
    boolean quote = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quote ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
