package io.margay.app.cli.cedar;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay cedar}: what can be done with Cedar policies, schemas and entities. */
@Command(
    name = "cedar",
    description = "Decides, validates and analyses Cedar policies.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AuthorizeCommand.class,
      ValidatePoliciesCommand.class,
      FormatCommand.class,
      TranslateCommand.class,
      AnalyzeCommand.class,
      CoverageCommand.class,
      CedarTestCommand.class
    })
public final class CedarCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "cedar: name a command, such as authorize or validate");
  }
}
