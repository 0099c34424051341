package io.margay.app.cli.vm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay vm}. */
@Command(
    name = "vm",
    description = "Shows how virtual machines migrated, and what depends on their addresses.",
    mixinStandardHelpOptions = true,
    subcommands = {MigrationsCommand.class, BlastRadiusCommand.class})
public final class VmCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "vm: name a command, such as migrations or blast-radius");
  }
}
