package io.margay.app.cli;

import io.margay.app.agents.lab.AgentsDemo;
import io.margay.app.lab.DataplaneChoice;
import io.margay.app.lab.Demo;
import io.margay.app.lab.DemoStart;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.lab.machine.VmDemo;
import io.margay.app.process.Foreground;
import io.margay.app.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay demo}. */
@Command(
    name = "demo",
    description = {
      "Runs a whole cluster on this machine, with live traffic and the page.",
      "Nodes and pods are network namespaces, an application runs on them with its policies, and"
          + " an API server serves kubectl."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "End after this time, such as 60s or 10m. Without it, run until interrupted.")
  private @Nullable Duration runFor;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write what happened as JSON to this file at the end.")
  private @Nullable Path report;

  @Option(
      names = "--dataplane",
      paramLabel = "NAME",
      description =
          "${COMPLETION-CANDIDATES}: what enforces the policies. AUTO takes the kernel where that"
              + " is permitted, and else simulates.")
  private DataplaneChoice dataplane = DataplaneChoice.AUTO;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes; ${DEFAULT-VALUE} if not given.")
  private int nodes = 2;

  @Option(
      names = "--app",
      paramLabel = "DIR",
      description = {
        "A folder of Kubernetes manifests to run instead of the bundled web shop. Who calls whom"
            + " is",
        "taken from variables like CART_ADDR, or from a call graph file (schema calls/1)."
      })
  private @Nullable Path app;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES}: what is shown. NETWORK is a cluster with its pods and policies;",
        "AGENTS is a company of AI agents whose calls go through a gateway; VM is a virtual machine"
            + " that migrates from node to node while others talk to it."
      })
  private Scenario scenario = Scenario.NETWORK;

  /** What a demo shows. */
  private enum Scenario {
    NETWORK,
    AGENTS,
    VM
  }

  @ArgGroup(heading = "%nOf the scenario VM:%n", validate = false)
  private MachineOptions machine = new MachineOptions();

  /** How a virtual machine migrates. */
  private static final class MachineOptions {
    @Option(
        names = "--migrations",
        paramLabel = "N",
        description = "How many migrations; ${DEFAULT-VALUE} if not given.")
    private int migrations = 10;

    @Option(
        names = "--fast",
        description = "Let a network namespace stand for the guest, instead of QEMU.")
    private boolean fast;

    @Option(names = "--bgp", description = "Join the nodes by BGP (BIRD 2) instead of VXLAN.")
    private boolean bgp;
  }

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      description = "The port of the page on 127.0.0.1; 0 for any free one.")
  private @Nullable Integer consolePort;

  @Override
  public Integer call() throws Exception {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new ParameterException(
          spec.commandLine(), "--nodes " + nodes + ": write a number from 1 to " + MOST_NODES);
    }
    if (consolePort != null && (consolePort < 0 || consolePort > LAST_PORT)) {
      throw new ParameterException(
          spec.commandLine(), "--console-port " + consolePort + ": write a port, or 0");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (scenario == Scenario.AGENTS) {
      try (Foreground foreground = Foreground.begin()) {
        AgentsDemo.Settings settings =
            new AgentsDemo.Settings(
                runFor, report, consolePort == null ? 0 : consolePort, StateFolder.ofUser());
        return new AgentsDemo(settings, foreground, out).run() ? 0 : ErrorReport.FAILED;
      }
    }
    if (scenario == Scenario.VM) {
      return migrateMachine(out);
    }
    Application application =
        app == null ? ApplicationReader.bundled() : ApplicationReader.ofFolder(app);
    return new DemoStart(dataplane, out)
        .run(simulated ->
            new Demo.Settings(
                application, nodes, simulated, runFor, report, consolePort, StateFolder.ofUser()));
  }

  private int migrateMachine(PrintWriter out) throws IOException, InterruptedException {
    for (String option : OF_OTHERS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            spec.commandLine(),
            option + ": not of the scenario VM, which ends after its migrations; leave it out");
      }
    }
    if (machine.migrations < 1) {
      throw new ParameterException(
          spec.commandLine(), "--migrations " + machine.migrations + ": write 1 or more");
    }
    try (Foreground foreground = Foreground.begin()) {
      VmDemo.Settings settings =
          new VmDemo.Settings(
              machine.fast, machine.bgp, machine.migrations, report, StateFolder.ofUser());
      return new VmDemo(settings, foreground, out).run() ? 0 : ErrorReport.FAILED;
    }
  }

  /** What a machine's lab would ignore. */
  private static final List<String> OF_OTHERS =
      List.of("--for", "--app", "--nodes", "--dataplane", "--console-port");

  private static final int MOST_NODES = 200;
  private static final int LAST_PORT = 65_535;
}
