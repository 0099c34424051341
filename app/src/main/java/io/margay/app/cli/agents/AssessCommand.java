package io.margay.app.cli.agents;

import io.margay.agents.assess.Assessment;
import io.margay.agents.assess.AssessmentJson;
import io.margay.agents.assess.AuditFigures;
import io.margay.agents.assess.Evidence;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.verify.Verifier;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay agents assess}. */
@Command(
    name = "assess",
    description = {
      "Answers the five questions of accountability, and tells the level of maturity, 0 to 4.",
      "All of it is computed from the registry, the policies and the audit log, with the evidence."
    },
    mixinStandardHelpOptions = true)
final class AssessCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Option(
      names = "--audit",
      paramLabel = "DIR",
      required = true,
      description = "The directory of the gateway's audit log.")
  private Path audit = Path.of("");

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    Assessment assessment = assess();
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case json -> out.println(AssessmentJson.of(assessment).toPrettyString());
      case table -> print(assessment, out);
    }
    out.flush();
    return 0;
  }

  private Assessment assess() {
    LogFiles files = new LogFiles(audit);
    if (!Files.isDirectory(files.segments())) {
      throw new CommandFailure(audit + ": there is no audit log");
    }
    RegistryOptions.Read read = registry.read();
    try {
      AuditFigures figures =
          AuditFigures.read(
              new AuditSearch(files), Optional.empty(), Long.MAX_VALUE, clock.instant());
      return Assessment.of(
          read.registry(),
          read.decider(),
          figures,
          Verifier.verify(audit, Optional.empty(), List.of()));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void print(Assessment assessment, PrintWriter out) {
    for (Assessment.Question question : assessment.questions()) {
      String answer = question.answer().name().toLowerCase(Locale.ROOT);
      out.println(question.pillar() + ": " + question.question() + " " + answer);
      print(question.evidence(), out);
    }
    for (Assessment.Level level : assessment.levels()) {
      out.println(
          "level "
              + level.level()
              + ", "
              + level.name()
              + ": "
              + (level.isMet() ? "met" : "not met"));
      print(level.criteria().stream().filter(evidence -> !evidence.met()).toList(), out);
    }
    out.println("maturity: level " + assessment.level() + " of 4");
  }

  private static void print(List<Evidence> evidence, PrintWriter out) {
    TextTable table = new TextTable(List.of("", "FACT", "FOUND", "SOURCE"));
    evidence.forEach(
        one -> table.add(List.of(one.met() ? "yes" : "no", one.fact(), one.found(), one.source())));
    if (!evidence.isEmpty()) {
      table.print(out);
    }
  }
}
