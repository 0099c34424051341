package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.TraceTree;
import io.margay.agents.audit.query.TraceTree.Hop;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Ruling;
import java.io.PrintWriter;
import java.util.List;

/** A trace as a tree of lines. */
final class TraceText {
  private final PrintWriter out;

  private TraceText(PrintWriter out) {
    this.out = out;
  }

  static void print(TraceTree tree, PrintWriter out) {
    TraceText text = new TraceText(out);
    String user = "";
    for (Hop root : tree.roots()) {
      String of = user(root.decision().event());
      if (!of.equals(user)) {
        out.println(of);
        user = of;
      }
      text.hop(root, "", root.equals(tree.roots().getLast()));
    }
    for (AuditRecord record : tree.others()) {
      out.println("record " + record.sequence() + " " + event(record));
    }
  }

  private static String user(AuditEvent event) {
    return event
        .caller()
        .flatMap(caller -> caller.user())
        .map(user -> "user " + RecordTable.plain(user.subject() + " (" + user.issuer() + ")"))
        .orElse("no user");
  }

  private void hop(Hop hop, String indent, boolean isLast) {
    AuditEvent event = hop.decision().event();
    String agent = event.caller().map(caller -> caller.workload()).orElse("");
    String attempt = event.attempt().map(made -> made.action() + " " + made.target()).orElse("");
    String verdict = event.decision().map(RecordTable::verdict).orElse("");
    out.println(
        indent
            + (isLast ? "└─ " : "├─ ")
            + RecordTable.plain(agent + " → " + attempt)
            + ": "
            + verdict);
    String below = indent + (isLast ? "   " : "│  ");
    String line = below + (hop.calls().isEmpty() ? "     " : "│    ");
    event.decision().ifPresent(decision -> decision(decision, line));
    String owner = event.owner().isEmpty() ? "" : "owner " + event.owner() + ", ";
    out.println(
        line
            + RecordTable.plain(owner)
            + "record "
            + hop.decision().sequence()
            + " of "
            + hop.decision().time());
    for (AuditRecord record : hop.events()) {
      out.println(line + event(record));
    }
    List<Hop> calls = hop.calls();
    for (int i = 0; i < calls.size(); i++) {
      hop(calls.get(i), below, i == calls.size() - 1);
    }
  }

  private void decision(AgentDecision decision, String line) {
    Ruling ruling = decision.enforced();
    String policies =
        ruling.policies().isEmpty()
            ? "no policy"
            : "policy " + String.join(", ", ruling.policies());
    String tier = ruling.tier().isEmpty() ? "" : " in tier " + ruling.tier();
    out.println(line + RecordTable.plain(policies + tier + ": " + ruling.reason()));
    if (!decision.reads().isEmpty()) {
      out.println(line + RecordTable.plain(String.join(", ", decision.reads())));
    }
    if (!decision.errors().isEmpty()) {
      out.println(line + RecordTable.plain("errors: " + String.join("; ", decision.errors())));
    }
  }

  private static String event(AuditRecord record) {
    AuditEvent event = record.event();
    String actor = event.actor().isEmpty() ? "" : " by " + event.actor();
    String latency = event.latency().map(time -> " in " + time.toMillis() + " ms").orElse("");
    return RecordTable.plain(
        event.kind().name().toLowerCase(java.util.Locale.ROOT)
            + (event.status().isEmpty() ? "" : " " + event.status())
            + latency
            + actor);
  }
}
