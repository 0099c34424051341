package io.margay.app.cli.audit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay audit}: what agents did, by whose policy, and the proof that it is all there. */
@Command(
    name = "audit",
    description = "Asks, follows, verifies and exports the sealed record of what agents did.",
    mixinStandardHelpOptions = true,
    subcommands = {
      QueryCommand.class,
      TraceCommand.class,
      VerifyCommand.class,
      ExportCommand.class,
      ReportCommand.class,
      PruneCommand.class
    })
public final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "audit: name a command, such as query or verify");
  }
}
