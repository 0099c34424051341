package io.margay.app.cli;

import io.margay.app.process.FlowGathering;
import io.margay.app.process.FlowsProcess;
import io.margay.app.process.Foreground;
import io.margay.app.process.NodeProcess;
import io.margay.app.state.StateFolder;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowSender;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay up}. */
@Command(
    name = "up",
    description = {
      "Runs everything in one process, without a Kubernetes cluster.",
      "That is the API server, the policies of this machine's pods and host endpoints, flow"
          + " records, and the page."
    },
    mixinStandardHelpOptions = true)
public final class UpCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ApiServerOptions api;
  @Mixin private NodeOptions node;

  @Mixin private ConsoleOptions console;

  @Override
  public void run() {
    StateFolder state = StateFolder.ofUser();
    PrintWriter out = spec.commandLine().getOut();
    try (Foreground foreground = Foreground.begin()) {
      EmbeddedApiServer server =
          foreground.running().add(EmbeddedApiServer.start(api.config(state.apiServer())));
      StateFolder.create(state.root());
      FlowAddress.UnixSocket listen = new FlowAddress.UnixSocket(state.flowSocket());
      FlowSender sender =
          foreground
              .running()
              .add(
                  FlowSender.start(
                      new FlowSender.Config(
                          node.name(), listen, null, state.flowSpool(node.name())),
                      InstantSource.system()));
      NodeProcess process =
          node.process(
              foreground.running(),
              sender,
              new FirstProgrammed(
                  () -> say(out, "node " + node.name() + " enforces its policies")));
      FlowsProcess flows =
          foreground
              .running()
              .add(
                  FlowsProcess.start(
                      new FlowsProcess.Config(
                          node.name(),
                          node.dataplaneName(),
                          console.config(),
                          console.signIn(state),
                          console.ruleMetrics(),
                          FlowGathering.Config.local(listen, ArchiveConfig.in(state.flowHistory())),
                          process::tableSizes,
                          process::dropped,
                          () -> List.of(process.report())),
                      server.store()));
      process.start(server.store());
      say(out, "API server  " + server.url());
      say(out, "kubeconfig  " + server.kubeconfig());
      say(out, "page        " + flows.uri());
      flows
          .link()
          .ifPresent(link -> say(out, "sign in     " + link + " (once, within 15 minutes)"));
      foreground.awaitEnd();
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
