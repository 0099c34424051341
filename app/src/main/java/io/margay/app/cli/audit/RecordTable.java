package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Ruling;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Records as lines of a table. */
final class RecordTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final List<String> COLUMNS =
      List.of("RECORD", "TIME", "KIND", "AGENT", "USER", "TARGET", "WHAT", "BY");

  private RecordTable() {}

  static void print(List<AuditRecord> records, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(COLUMNS);
    records.forEach(record -> rows.add(row(record)));
    int[] widths =
        IntStream.range(0, COLUMNS.size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static List<String> row(AuditRecord record) {
    AuditEvent event = record.event();
    return List.of(
        Long.toString(record.sequence()),
        TIME.format(record.time()),
        event.kind().name(),
        event.caller().map(caller -> plain(caller.workload())).orElse(""),
        event
            .caller()
            .flatMap(caller -> caller.user())
            .map(user -> plain(user.subject()))
            .orElse(""),
        plain(target(event)),
        plain(what(event)),
        plain(by(event)));
  }

  /** What was to be called; of other records, what they are about. */
  private static String target(AuditEvent event) {
    return event
        .attempt()
        .map(attempt -> attempt.target().toString())
        .orElseGet(() -> detail(event, "at", "audience", "resource", "halt", "approval"));
  }

  /** The first of some details that a record has. */
  private static String detail(AuditEvent event, String... names) {
    for (String name : names) {
      String value = event.details().get(name);
      if (value != null) {
        return value;
      }
    }
    return "";
  }

  /** What was decided, or what happened to an earlier decision. */
  static String what(AuditEvent event) {
    if (event.decision().isPresent()) {
      return verdict(event.decision().get());
    }
    String status = event.status();
    if (event.latency().isPresent()) {
      status += " in " + event.latency().get().toMillis() + " ms";
    }
    return event.about().isPresent()
        ? (status.isEmpty() ? "" : status + ", ") + "of " + event.about().getAsLong()
        : status;
  }

  static String verdict(AgentDecision decision) {
    Ruling enforced = decision.enforced();
    Ruling pending = decision.pending();
    return enforced.verdict() == pending.verdict()
        ? enforced.verdict().name()
        : enforced.verdict() + " (staged: " + pending.verdict() + ")";
  }

  private static String by(AuditEvent event) {
    if (event.decision().isPresent()) {
      Ruling ruling = event.decision().get().enforced();
      return ruling.policies().isEmpty()
          ? "no policy"
          : (ruling.tier().isEmpty() ? "" : ruling.tier() + "/")
              + String.join(",", ruling.policies());
    }
    return event.actor().isEmpty() ? detail(event, "reason") : event.actor();
  }

  /** Names in records are callers' words: none may move a terminal's cursor or forge a line. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c ->
            plain.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
    return plain.toString();
  }
}
