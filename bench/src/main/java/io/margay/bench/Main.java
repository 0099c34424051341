package io.margay.bench;

import io.margay.app.cli.ErrorReport;
import io.margay.bench.audit.AuditCommand;
import io.margay.bench.calc.CalcCommand;
import io.margay.bench.cedar.CedarCommand;
import io.margay.bench.connect.ConnectCommand;
import io.margay.bench.flows.FlowsCommand;
import io.margay.bench.gateway.GatewayCommand;
import io.margay.bench.ipam.CniCommand;
import io.margay.bench.ipam.IpamCommand;
import io.margay.bench.nftables.NftablesCommand;
import io.margay.bench.node.NodeCommand;
import io.margay.bench.prove.ProveCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code ./margay bench NAME}: the benchmarks. */
@Command(
    name = "margay bench",
    description = "Measures Margay beside a baseline; prints JSON lines.",
    synopsisSubcommandLabel = "NAME",
    mixinStandardHelpOptions = true,
    subcommands = {
      HelpCommand.class,
      AuditCommand.class,
      CalcCommand.class,
      CedarCommand.class,
      ConnectCommand.class,
      FlowsCommand.class,
      GatewayCommand.class,
      CniCommand.class,
      IpamCommand.class,
      NftablesCommand.class,
      NodeCommand.class,
      ProveCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    ErrorReport errors = new ErrorReport();
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(errors);
    commandLine.setExecutionExceptionHandler(errors);
    System.exit(commandLine.execute(args));
  }
}
