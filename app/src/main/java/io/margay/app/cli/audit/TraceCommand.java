package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.query.TraceTree;
import io.margay.app.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay audit trace}: a task from the user to the last tool. */
@Command(
    name = "trace",
    description = {
      "Shows what a trace's calls led to: user, agents, tools and models, with the policy and the",
      "attributes that decided each call.",
      "-o json prints each record on a line, oldest first."
    },
    mixinStandardHelpOptions = true)
public final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @Parameters(paramLabel = "TRACE-ID", description = "32 hexadecimal digits.")
  private String trace;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "tree",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.tree;

  /** How a trace is printed. */
  enum Output {
    tree,
    json
  }

  @Override
  public Integer call() throws IOException {
    List<AuditRecord> records = Answers.of(() -> new AuditSearch(log.files()).trace(trace));
    if (records.isEmpty()) {
      throw new CommandFailure("trace " + trace + ": no record has it");
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case json -> records.forEach(record -> out.println(RecordJson.text(record)));
      case tree -> TraceText.print(TraceTree.of(records), out);
    }
    out.flush();
    return 0;
  }
}
