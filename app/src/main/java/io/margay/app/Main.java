package io.margay.app;

import io.margay.app.cli.ApiServerCommand;
import io.margay.app.cli.CniCommand;
import io.margay.app.cli.CompletionCommand;
import io.margay.app.cli.ConsoleCommand;
import io.margay.app.cli.DemoCommand;
import io.margay.app.cli.DoctorCommand;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.FlowsCommand;
import io.margay.app.cli.GatewayCommand;
import io.margay.app.cli.NodeCommand;
import io.margay.app.cli.PolicyCommand;
import io.margay.app.cli.TopCommand;
import io.margay.app.cli.UpCommand;
import io.margay.app.cli.VersionCommand;
import io.margay.app.cli.WhyCommand;
import io.margay.app.cli.agents.AgentsCommand;
import io.margay.app.cli.audit.AuditCommand;
import io.margay.app.cli.cedar.CedarCommand;
import io.margay.app.cli.ipam.IpamCommand;
import io.margay.app.cli.resources.ApplyCommand;
import io.margay.app.cli.resources.CreateCommand;
import io.margay.app.cli.resources.DeleteCommand;
import io.margay.app.cli.resources.GetCommand;
import io.margay.app.cli.resources.LabelCommand;
import io.margay.app.cli.resources.PatchCommand;
import io.margay.app.cli.resources.ReplaceCommand;
import io.margay.app.cli.resources.ValidateCommand;
import io.margay.app.cli.vm.VmCommand;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The command line: {@code margay COMMAND …}. Exit codes: 0 done, 1 failed, 2 not understood;
 * checks know more, see {@link ErrorReport}.
 *
 * <p>A new command is a class in {@code cli} that is listed here, in the order of the help text.
 */
@Command(
    name = "margay",
    description = "Network policy for Kubernetes: judged in the kernel, every verdict explained.",
    synopsisSubcommandLabel = "COMMAND",
    footer = "The front door also knows: margay test, margay bench NAME.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      FlowsCommand.class,
      TopCommand.class,
      WhyCommand.class,
      UpCommand.class,
      ApiServerCommand.class,
      NodeCommand.class,
      GatewayCommand.class,
      PolicyCommand.class,
      CedarCommand.class,
      AgentsCommand.class,
      AuditCommand.class,
      ConsoleCommand.class,
      IpamCommand.class,
      VmCommand.class,
      CniCommand.class,
      ApplyCommand.class,
      CreateCommand.class,
      ReplaceCommand.class,
      DeleteCommand.class,
      GetCommand.class,
      PatchCommand.class,
      LabelCommand.class,
      ValidateCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class Main {
  /** Commands that tell of the others. */
  private static final Set<Class<?>> KNOW_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

  private Main() {}

  /** Stands above a command that is built alone; help for it never comes from here. */
  @Command(name = "margay")
  private static final class Alone {}

  public static void main(String[] args) {
    System.exit(commandLineFor(args).execute(args));
  }

  /**
   * The part of the command line that the arguments need. To build all of it takes longer than most
   * commands then run, so a command that knows no others is built alone.
   */
  static CommandLine commandLineFor(String... args) {
    for (Class<?> command : Main.class.getAnnotation(Command.class).subcommands()) {
      Command description = command.getAnnotation(Command.class);
      if (args.length > 0 && args[0].equals(description.name()) && !KNOW_ALL.contains(command)) {
        return ready(new CommandLine(new Alone()).addSubcommand(command));
      }
    }
    return commandLine();
  }

  /** The whole command line, ready to execute: tests and shell completion use it too. */
  public static CommandLine commandLine() {
    return ready(new CommandLine(new Main()));
  }

  private static CommandLine ready(CommandLine commandLine) {
    ErrorReport errors = new ErrorReport();
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(errors);
    commandLine.setExecutionExceptionHandler(errors);
    return commandLine;
  }
}
