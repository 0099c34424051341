package io.margay.app.cli;

import io.margay.app.cli.policy.DiffCommand;
import io.margay.app.cli.policy.EnforceCommand;
import io.margay.app.cli.policy.LintCommand;
import io.margay.app.cli.policy.PreviewCommand;
import io.margay.app.cli.policy.ProveCommand;
import io.margay.app.cli.policy.RecommendCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay policy}: the policy workbench. */
@Command(
    name = "policy",
    description = "Works with policies before they are applied.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PolicyTestCommand.class,
      PreviewCommand.class,
      ProveCommand.class,
      DiffCommand.class,
      LintCommand.class,
      PolicyUnusedCommand.class,
      RecommendCommand.class,
      EnforceCommand.class
    })
public final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "policy: name a command: test, preview, prove, diff, lint, unused, recommend or enforce");
  }
}
