package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.app.cli.TableOrJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay audit query}: records, newest first. */
@Command(
    name = "query",
    description = {
      "Finds records by agent, user, policy, target, time and verdict; newest first.",
      "-o json prints each record on a line."
    },
    mixinStandardHelpOptions = true)
public final class QueryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @ArgGroup(exclusive = false, heading = "Which records (all of these must agree):%n")
  private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--limit",
      defaultValue = "50",
      description = "Records at most (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(
      names = "--before",
      paramLabel = "SEQUENCE",
      description = "The next page: records before this one.")
  private @Nullable Long before;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() throws IOException {
    AuditPage page =
        Answers.of(() ->
            new AuditSearch(log.files())
                .find(
                    filter
                        .query()
                        .before(before == null ? OptionalLong.empty() : OptionalLong.of(before))
                        .limit(limit)));
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case json -> {
        for (AuditRecord record : page.records()) {
          out.println(RecordJson.text(record));
        }
      }
      case table -> {
        if (page.records().isEmpty()) {
          out.println("No such records.");
        } else {
          RecordTable.print(page.records(), out);
        }
      }
    }
    out.flush();
    if (page.before().isPresent()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("There are more: --before " + page.before().getAsLong());
      err.flush();
    }
    return 0;
  }
}
