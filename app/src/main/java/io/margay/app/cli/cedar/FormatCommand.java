package io.margay.app.cli.cedar;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.text.PolicyFormatter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar format}: policies in their canonical layout. */
@Command(
    name = "format",
    description = "Formats policies, comments kept.",
    mixinStandardHelpOptions = true)
public final class FormatCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-p", "--policies"},
      paramLabel = "FILE",
      description = "The policies (default: standard input).")
  private @Nullable Path policies;

  @Option(
      names = {"-w", "--write"},
      description = "Write the result back to the file.")
  private boolean write;

  @Option(
      names = {"-c", "--check"},
      description = "Only tell, by exit code 1, that the file is not formatted.")
  private boolean check;

  @Override
  public Integer call() throws IOException {
    if (write && (check || policies == null)) {
      throw new CommandFailure("--write needs --policies FILE, and goes without --check");
    }
    SourceText source = CedarFiles.text(policies);
    String formatted = CedarFiles.read(() -> PolicyFormatter.format(source));
    PrintWriter out = spec.commandLine().getOut();
    if (check) {
      boolean same = formatted.equals(source.text());
      out.println(source.name() + (same ? " is formatted" : " is not formatted"));
      return same ? 0 : ErrorReport.FAILED;
    }
    if (write && policies != null) {
      Files.writeString(policies, formatted);
    } else {
      out.print(formatted);
      out.flush();
    }
    return 0;
  }
}
