package io.margay.bench.node;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.OwnProcess;
import io.margay.kernel.netns.NetworkNamespace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench node}: a node's process in a large cluster. */
@Command(
    name = "node",
    description = {
      "A node's process from its start until the kernel enforces the policies of a large cluster,"
          + " and its memory after that.",
      "In a process and a network namespace of its own, with the flags of 'margay node'."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class NodeCommand extends BenchCommand {
  @Option(names = "--endpoints", defaultValue = "250000", description = "${DEFAULT-VALUE}.")
  private int endpoints;

  @Option(names = "--policies", defaultValue = "10000", description = "${DEFAULT-VALUE}.")
  private int policies;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "How long it runs before its memory is read; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    NetworkNamespace.whyUnavailable()
        .ifPresent(reason -> {
          throw new CommandFailure(reason);
        });
    if (endpoints < GeneratedCluster.LOCAL || endpoints > 4_000_000 || policies < 1) {
      throw new CommandFailure(
          "write --endpoints of %d to 4000000 and --policies of at least 1"
              .formatted(GeneratedCluster.LOCAL));
    }
    progress(endpoints + " endpoints, " + policies + " policies");
    println(
        OwnProcess.run(
            flags(),
            NodeStart.class,
            List.of(
                Integer.toString(endpoints),
                Integer.toString(policies),
                Integer.toString(seconds))));
    return 0;
  }

  /** Those of this process, which {@code margay} starts with the flags of a node. */
  private static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-X"))
        .toList();
  }
}
