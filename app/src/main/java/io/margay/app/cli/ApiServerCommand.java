package io.margay.app.cli;

import io.margay.app.process.Foreground;
import io.margay.app.state.StateFolder;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay apiserver}. */
@Command(
    name = "apiserver",
    description = "Serves the Kubernetes API for Margay's kinds, and writes a kubeconfig.",
    mixinStandardHelpOptions = true)
public final class ApiServerCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ApiServerOptions options;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Foreground foreground = Foreground.begin()) {
      EmbeddedApiServer server =
          foreground
              .running()
              .add(EmbeddedApiServer.start(options.config(StateFolder.ofUser().apiServer())));
      out.println("API server  " + server.url());
      out.println("kubeconfig  " + server.kubeconfig());
      out.flush();
      foreground.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
