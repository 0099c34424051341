package io.margay.app.cli;

import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.process.Foreground;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.NodeReports;
import io.margay.app.process.Running;
import io.margay.app.state.StateFolder;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.collect.FlowSender;
import io.margay.flows.collect.NodeReporter;
import io.margay.flows.shard.ShardList;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.network.cni.CniPlugin;
import io.margay.network.cni.CniServer;
import io.margay.network.cni.PolicyGate;
import io.margay.network.cni.Shim;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
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
    mixinStandardHelpOptions = true,
    subcommands = NodeStatusCommand.class)
public final class NodeCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private NodeOptions node;
  @Mixin private StoreOptions resources;

  @Mixin private TlsOptions tls;

  @Option(
      names = "--flows",
      paramLabel = "ADDRESS",
      converter = ShardListConverter.class,
      description = {
        "Where the flow records go: HOST:PORT, which needs TLS unless it is loopback, or"
            + " unix:PATH.",
        "Of several with commas between, one is chosen by the node's name.",
        "Where 'margay up' listens if not given."
      })
  private @Nullable ShardList flows;

  @Option(
      names = "--cni-socket",
      paramLabel = "PATH",
      description = {
        "Attach pods too: listen here for 'margay cni', such as at " + Shim.SOCKET + ".",
        "Not beside another CNI plugin, such as Calico's."
      })
  private @Nullable Path cniSocket;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Foreground foreground = Foreground.begin()) {
      ResourceStore store = foreground.running().add(resources.open());
      FlowSender sender = foreground.running().add(sender());
      NodeProcess process =
          node.process(
              foreground.running(),
              sender,
              new FirstProgrammed(
                  () -> say(out, "node " + node.name() + " enforces its policies")));
      say(out, "node " + node.name() + " starts, dataplane " + node.dataplaneName());
      process.start(store);
      if (cniSocket != null) {
        attachPods(foreground.running(), store, process.policyGate(), cniSocket);
      }
      foreground
          .running()
          .add(
              NodeReporter.start(
                  gatherers(), tls.files(), () -> NodeReports.toTell(process.report())));
      foreground.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attachPods(Running running, ResourceStore store, PolicyGate gate, Path socket) {
    try {
      NetworkNamespace namespace = running.add(node.namespace());
      CniPlugin plugin = new CniPlugin(node.name(), store, namespace, InstantSource.system(), gate);
      Path folder = socket.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      running.add(CniServer.start(plugin, socket));
    } catch (IOException | KernelException e) {
      throw new CommandFailure("--cni-socket " + socket + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** All processes that gather flows: one of them gets this node's. */
  private List<FlowAddress> gatherers() {
    return flows == null
        ? List.of(new FlowAddress.UnixSocket(StateFolder.ofUser().flowSocket()))
        : flows.shards();
  }

  private FlowSender sender() {
    StateFolder state = StateFolder.ofUser();
    FlowAddress target = flows == null ? gatherers().getFirst() : flows.owner(node.name());
    try {
      if (target instanceof FlowAddress.Tcp tcp && tls.files() == null) {
        FlowChannel.requireLoopback(tcp);
      }
      StateFolder.create(state.root());
      return FlowSender.start(
          new FlowSender.Config(node.name(), target, tls.files(), state.flowSpool(node.name())),
          InstantSource.system());
    } catch (IOException e) {
      throw new CommandFailure("the spool of flow records cannot be used: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
