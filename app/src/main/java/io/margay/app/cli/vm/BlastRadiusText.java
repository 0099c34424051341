package io.margay.app.cli.vm;

import io.margay.app.cli.resources.TextTable;
import io.margay.console.blast.BlastRadius;
import io.margay.console.blast.Dependency;
import io.margay.console.blast.ExaminedMachine;
import io.margay.console.blast.Talk;
import io.margay.model.net.IpAddress;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A blast radius as answers to the four questions that are asked before an address changes. */
final class BlastRadiusText {
  private static final List<String> COLUMNS = List.of("WHERE", "WHAT", "VALUE", "BY", "OWNER");

  private BlastRadiusText() {}

  static void print(BlastRadius radius, PrintWriter out) {
    ExaminedMachine machine = radius.machine();
    out.printf(
        "VirtualMachine %s/%s, %s, %s%n",
        machine.namespace(),
        machine.name(),
        machine.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(", ")),
        machine.node().isEmpty() ? "not running" : "on " + machine.node());

    question("Who talks to it?", out);
    if (!radius.flowsKnown()) {
      out.println("Not known: there are no flow records to ask; name some with --flows FILE.");
    } else {
      TextTable talks =
          new TextTable(List.of("PEER", "DIRECTION", "SERVICE", "ALLOWED", "DENIED", "OWNER"));
      radius.talks().forEach(talk -> talks.add(row(talk)));
      print(talks, radius.talks().isEmpty(), "Nobody, as far as flows are on record.", out);
    }

    question("What names its address?", out);
    print(radius.byAddress(), "Nothing that is known here.", out);

    question("What must change if the address changed?", out);
    print(radius.toChange(), "Nothing that is known here.", out);
    if (radius.byAddress().size() > radius.toChange().size()) {
      out.println("Those by range only if the new address lies in another range.");
    }
    if (!radius.byLabel().isEmpty()) {
      out.println("These go by labels and follow the machine:");
      print(radius.byLabel(), "", out);
    }

    question("Who must be told?", out);
    if (radius.toTell().isEmpty()) {
      out.println("Nobody that is known here.");
    }
    radius.toTell().forEach(out::println);
  }

  private static void question(String text, PrintWriter out) {
    out.println();
    out.println(text);
  }

  private static void print(List<Dependency> dependencies, String otherwise, PrintWriter out) {
    TextTable table = new TextTable(COLUMNS);
    dependencies.forEach(item ->
        table.add(
            List.of(
                item.where(),
                item.what(),
                item.value(),
                item.binding().name().toLowerCase(Locale.ROOT),
                item.owner())));
    print(table, dependencies.isEmpty(), otherwise, out);
  }

  private static void print(TextTable table, boolean empty, String otherwise, PrintWriter out) {
    if (empty) {
      out.println(otherwise);
    } else {
      table.print(out);
    }
  }

  private static List<String> row(Talk talk) {
    return List.of(
        talk.peer(),
        talk.incoming() ? "to it" : "from it",
        talk.service(),
        Long.toString(talk.allowed()),
        Long.toString(talk.denied()),
        talk.owner());
  }
}
