package io.margay.app.cli;

import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.process.Foreground;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.flowlink.FlowSender;
import io.margay.app.state.StateFolder;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay node}. */
@Command(
    name = "node",
    description = {
      "Enforces a cluster's policies for the pods and host endpoints of one node.",
      "When it ends, what it has programmed stays in force; when it starts again, nothing is opened"
          + " or cut."
    },
    mixinStandardHelpOptions = true)
public final class NodeCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private NodeOptions node;
  @Mixin private StoreOptions resources;

  @Option(
      names = "--flows-socket",
      paramLabel = "PATH",
      description = "Where the flow records go; where 'margay up' listens if not given.")
  private @Nullable Path socket;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Foreground foreground = Foreground.begin()) {
      ResourceStore store = foreground.running().add(resources.open());
      FlowSender sender = foreground.running().add(FlowSender.start(node.name(), socket()));
      NodeProcess process =
          node.process(
              foreground.running(),
              sender,
              new FirstProgrammed(
                  () -> say(out, "node " + node.name() + " enforces its policies")));
      say(out, "node " + node.name() + " starts, dataplane " + node.dataplaneName());
      process.start(store);
      foreground.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path socket() {
    return socket == null ? StateFolder.ofUser().flowSocket() : socket;
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
