package io.margay.bench.prove;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.OwnProcess;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench prove}: assertions proven for a large cluster. */
@Command(
    name = "prove",
    description =
        "Assertions proven or contradicted for a large cluster, in a process of its own, with the"
            + " tables of all nodes computed first.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ProveCommand extends BenchCommand {
  /** The aim is an answer within 2 GiB: this much heap, and what a virtual machine takes beside. */
  private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx1536m");

  @Option(names = "--namespaces", defaultValue = "3000", description = "${DEFAULT-VALUE}.")
  private int namespaces;

  @Option(names = "--pods", defaultValue = "15000", description = "${DEFAULT-VALUE}.")
  private int pods;

  @Option(names = "--policies", defaultValue = "2000", description = "${DEFAULT-VALUE}.")
  private int policies;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (namespaces < 1 || pods < 1 || pods > 60_000 || policies < 1 || policies > namespaces) {
      throw new CommandFailure(
          "write --namespaces, --pods (up to 60000) and --policies (up to one for each namespace)"
              + " of at least 1");
    }
    progress(namespaces + " namespaces, " + pods + " pods, " + policies + " policies");
    println(
        OwnProcess.run(
            FLAGS,
            ProveProcess.class,
            List.of(
                Integer.toString(namespaces), Integer.toString(pods), Integer.toString(policies))));
    return 0;
  }
}
