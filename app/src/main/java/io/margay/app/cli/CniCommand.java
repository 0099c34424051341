package io.margay.app.cli;

import io.margay.network.cni.Shim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code margay cni}: what a container runtime calls. Without options {@code ./margay} runs {@link
 * Shim} itself, which starts sooner.
 */
@Command(
    name = "cni",
    description = {
      "The CNI plugin (versions 0.3.0 to 1.1.0): a container runtime calls it, not a user.",
      "Reads the variables CNI_* and a network's configuration on standard input, and lets"
          + " 'margay node --cni-socket' do it."
    },
    mixinStandardHelpOptions = true)
public final class CniCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = Shim.SOCKET,
      description = "Where the node process listens; ${DEFAULT-VALUE} if not given.")
  private Path socket = Path.of(Shim.SOCKET);

  @Override
  public Integer call() throws IOException {
    return Shim.run(socket, System.getenv(), System.in, spec.commandLine().getOut());
  }
}
