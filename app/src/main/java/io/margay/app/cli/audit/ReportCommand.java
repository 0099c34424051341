package io.margay.app.cli.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.assess.AuditFigures;
import io.margay.agents.assess.EuAiActReport;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.audit.verify.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay audit report}. */
@Command(
    name = "report",
    description = {
      "Writes what the log shows for articles 12 to 14 of the EU AI Act, from the log alone:",
      "each figure with the records that it is counted from, and what is not covered."
    },
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {
  private static final int NOT_VERIFIED = 1;

  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @Option(
      names = "--eu-ai-act",
      required = true,
      description = "The report to write; there is no other yet.")
  private boolean euAiAct;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to this file: JSON if it ends with .json, else Markdown. Else print it.")
  private @Nullable Path output;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = FilterOptions.TimeConverter.class,
      description = "Only records from then on: a time, or how long ago, such as 24h.")
  private @Nullable Instant since;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws IOException {
    Report verified =
        Answers.of(() -> Verifier.verify(log.files().root(), Optional.empty(), List.of()));
    AuditFigures figures =
        Answers.of(() ->
            AuditFigures.read(
                new AuditSearch(log.files()),
                Optional.ofNullable(since),
                Long.MAX_VALUE,
                clock.instant()));
    EuAiActReport report = EuAiActReport.of(figures, verified, clock.instant());
    PrintWriter out = spec.commandLine().getOut();
    if (output == null) {
      out.print(markdown(report));
    } else {
      boolean json = output.toString().endsWith(".json");
      Files.writeString(output, json ? json(report).toPrettyString() + "\n" : markdown(report));
      out.println("wrote " + output);
    }
    out.flush();
    return verified.isVerified() ? 0 : NOT_VERIFIED;
  }

  private static String markdown(EuAiActReport report) {
    StringBuilder text = new StringBuilder("# EU AI Act, articles 12 to 14\n\n");
    text.append("From the audit log alone, made ").append(report.made()).append(". ");
    text.append(
        report
            .period()
            .map(period -> "Records from " + period.first() + " to " + period.last() + ".")
            .orElse("The log has no records of this time."));
    text.append(" This is evidence, not a statement of conformity.\n");
    for (EuAiActReport.Article article : report.articles()) {
      text.append("\n## Article %d: %s\n\n".formatted(article.number(), article.title()));
      text.append(article.asks()).append("\n\n| figure | value | counted from |\n|---|---|---|\n");
      for (EuAiActReport.Figure figure : article.figures()) {
        text.append(
            "| %s | %s | %s |\n".formatted(figure.name(), cell(figure.value()), figure.source()));
      }
    }
    text.append("\n## Not covered\n\n");
    report.notCovered().forEach(gap -> text.append("- ").append(gap).append('\n'));
    return text.toString();
  }

  /** Names come from tokens and resources: they must not end a cell, or begin markup. */
  private static String cell(String value) {
    return RecordTable.plain(value).replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
  }

  private static ObjectNode json(EuAiActReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("report", "eu-ai-act-12-14").put("made", report.made().toString());
    json.put("first", report.period().map(period -> period.first().toString()).orElse(null));
    json.put("last", report.period().map(period -> period.last().toString()).orElse(null));
    ArrayNode articles = json.putArray("articles");
    for (EuAiActReport.Article article : report.articles()) {
      ObjectNode one = articles.addObject().put("article", article.number());
      one.put("title", article.title()).put("asks", article.asks());
      ArrayNode figures = one.putArray("figures");
      for (EuAiActReport.Figure figure : article.figures()) {
        figures
            .addObject()
            .put("name", figure.name())
            .put("value", figure.value())
            .put("source", figure.source());
      }
    }
    report.notCovered().forEach(json.putArray("notCovered")::add);
    return json;
  }
}
