package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.verify.ExportFile;
import io.margay.agents.audit.verify.TileDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay audit export}: records with their proofs, for somebody else. */
@Command(
    name = "export",
    description = {
      "Writes records with what proves them, up to the newest checkpoint: a file of JSON lines, or"
          + " with",
      "--format tiles a directory in C2SP's tlog-tiles layout. With a filter, the file is an"
          + " extract:",
      "each record in it can be proved without the others."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PATH",
      description = "The file or directory to write; it must not be there yet.")
  private Path target;

  @Option(
      names = "--format",
      defaultValue = "lines",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.lines;

  @ArgGroup(exclusive = false, heading = "Only some records (all of these must agree):%n")
  private FilterOptions filter = new FilterOptions();

  /** What an export looks like. */
  enum Format {
    lines,
    tiles
  }

  @Override
  public Integer call() throws IOException {
    if (format == Format.tiles && !filter.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--format tiles is the whole log: leave the filters out");
    }
    LogFiles files = log.files();
    long count =
        Answers.of(() ->
            switch (format) {
              case lines -> ExportFile.write(files, target, wanted());
              case tiles -> TileDirectory.write(files, target).size();
            });
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        switch (format) {
          case lines -> count + " records written to " + target;
          case tiles -> "a log of " + count + " records written to " + target;
        });
    out.flush();
    return 0;
  }

  private Optional<Predicate<AuditRecord>> wanted() {
    if (filter.isEmpty()) {
      return Optional.empty();
    }
    AuditQuery query = filter.query();
    return Optional.of(query::wants);
  }
}
