package io.margay.app.cli;

import io.margay.app.cli.resources.TextTable;
import io.margay.app.state.StateFolder;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BirdControl;
import io.margay.network.bgp.BirdControl.ProtocolState;
import io.margay.network.bgp.BirdException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay node status}. */
@Command(
    name = "status",
    description = {
      "Shows the BGP sessions of a node on this machine, as its BIRD tells them.",
      "Ends with 1 while one of them is not established."
    },
    mixinStandardHelpOptions = true)
final class NodeStatusCommand implements Callable<Integer> {
  private static final String ESTABLISHED = "Established";

  @Spec private CommandSpec spec;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The node's name in the cluster; this machine's name if not given.")
  private @Nullable String name;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "BIRD's control socket; that of 'margay node --bgp' if not given.")
  private @Nullable Path socket;

  @Override
  public Integer call() {
    Path where =
        socket == null
            ? BgpController.socket(StateFolder.ofUser().bgp(NodeOptions.nameOr(name, "--node")))
            : socket;
    List<ProtocolState> sessions;
    try {
      sessions =
          new BirdControl(where)
              .protocols().stream().filter(state -> state.type().equals("BGP")).toList();
    } catch (BirdException e) {
      throw new CommandFailure(
          e.getMessage() + "; is 'margay node --routes --bgp' running, as the same user?", e);
    }
    TextTable table = new TextTable(List.of("SESSION", "STATE", "SINCE", "INFO"));
    for (ProtocolState session : sessions) {
      table.add(List.of(session.name(), session.state(), session.since(), session.info()));
    }
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.flush();
    return sessions.stream().allMatch(session -> session.info().startsWith(ESTABLISHED)) ? 0 : 1;
  }
}
