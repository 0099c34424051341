package io.margay.bench.calc;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.OwnProcess;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench calc}: Felix's own workloads, each in a process of its own. */
@Command(
    name = "calc",
    description = {
      "Felix's calculation-graph and label-index benchmarks, run through the policy engine: time,"
          + " heap and peak memory of each, and the ratios to Felix's figures.",
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CalcCommand extends BenchCommand {
  @Option(
      names = "--only",
      description = "Workloads whose names begin like this; default: all of them.")
  private String only = "";

  @Option(
      names = "--warm-up",
      defaultValue = "2000",
      description = "Milliseconds for the compiler before a graph is timed: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<CalcWorkload> chosen =
        CalcWorkload.all().stream().filter(w -> w.name().startsWith(only)).toList();
    if (chosen.isEmpty()) {
      String names =
          CalcWorkload.all().stream().map(CalcWorkload::name).collect(Collectors.joining(", "));
      throw new CommandFailure("--only " + only + ": no workload; there are " + names);
    }
    if (warmUp < 0) {
      throw new CommandFailure("--warm-up must not be negative");
    }
    for (int i = 0; i < chosen.size(); i++) {
      CalcWorkload workload = chosen.get(i);
      progress(workload.name() + ", " + (i + 1) + " of " + chosen.size());
      println(
          OwnProcess.run(
              FLAGS, CalcProcess.class, List.of(workload.name(), Integer.toString(warmUp))));
    }
    return 0;
  }

  /** A small young generation: most of what is made stays, and the peak is measured. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          // A full collection otherwise leaves some of the dead, and the heap is told after one.
          "-XX:MarkSweepDeadRatio=0",
          "-Xmx2g",
          "-Xmn48m");
}
