package io.margay.app.cli.ipam;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay ipam}: which addresses there are, and who has them. */
@Command(
    name = "ipam",
    description = "Shows and checks who has which addresses, and takes addresses back.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ShowAddressesCommand.class,
      CheckAddressesCommand.class,
      ReleaseAddressCommand.class,
      SplitPoolCommand.class,
      ConfigureAddressesCommand.class
    })
public final class IpamCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "ipam: name a command, such as show or check");
  }
}
