package io.margay.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete this program's commands. */
@Command(
    name = "completion",
    description = "Prints a script that lets a shell complete commands and options.",
    footer = {
      "",
      "  bash:  source <(margay completion bash)",
      "  zsh:   autoload -U +X compinit && compinit; source <(margay completion zsh)",
      "  fish:  margay completion fish | source"
    },
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  /** The shells that are known. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Override
  public Integer call() {
    CommandLine root = root(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        switch (shell) {
          // The script switches zsh to its emulation of bash's completion by itself.
          case bash, zsh -> AutoComplete.bash(root.getCommandName(), root);
          case fish -> FishCompletion.script(root);
        });
    out.flush();
    return 0;
  }

  private static CommandLine root(CommandLine command) {
    CommandLine at = command;
    while (at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
