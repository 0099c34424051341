package io.margay.bench.flows;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.bench.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench flows}: what it costs to take flows in, to keep them and to ask. */
@Command(
    name = "flows",
    description = {
      "Flow updates taken in with the history on, the memory that takes, and pages and statistics"
          + " of many stored flows; and Goldmane's own workloads beside its figures.",
      "Needs about 2 GB in the directory for temporary files, for 10 million flows."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FlowsCommand extends BenchCommand {
  @Option(
      names = "--stored",
      defaultValue = "10000000",
      description = "Flows in the history; default: ${DEFAULT-VALUE}.")
  private int stored;

  @Option(
      names = "--active",
      defaultValue = "100000",
      description = "Flows that are active at once; default: ${DEFAULT-VALUE}.")
  private int active;

  @Option(
      names = "--seconds",
      defaultValue = "40",
      description = "That updates are taken in; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--questions",
      defaultValue = "300",
      description = "Of each kind; default: ${DEFAULT-VALUE}.")
  private int questions;

  @Option(
      names = "--directory",
      description = "Where the history is while it is measured; default: a temporary one.")
  private Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (stored < 5_760 || active < 100 || active > 100_000 || seconds < 1 || questions < 1) {
      throw new CommandFailure(
          "write --stored of at least 5760, --active of 100 to 100000, and --seconds and"
              + " --questions of at least 1");
    }
    Path parent = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    Path work = Files.createTempDirectory(parent, "margay-bench-flows");
    try {
      progress("Goldmane's workloads");
      new GoldmaneShapes(this::print).run();
      progress(active + " active flows, updates for " + seconds + " s");
      String live = liveProcess(work.resolve("live"));
      println(live);
      progress("storing " + stored + " flows");
      StoredFlows.Result result =
          new StoredFlows(stored, active, this::progress).run(work.resolve("stored"), questions);
      print(result.stored());
      print(result.queries());
      print(
          JsonLine.of("flows", "summary")
              .number("ingestPerSecond", number(live, "ingestPerSecond"))
              .number("pageP99Millis", result.pageP99())
              .number("statisticsP99Millis", result.statisticsP99())
              .number("residentMB", number(live, "residentMB")));
    } finally {
      remove(work);
    }
    return 0;
  }

  /** Runs {@link LiveProcess} with the memory of a flows process, and returns its line. */
  private String liveProcess(Path directory) throws IOException, InterruptedException {
    return OwnProcess.run(
        LiveProcess.FLAGS,
        LiveProcess.class,
        List.of(directory.toString(), Integer.toString(active), Integer.toString(seconds)));
  }

  private static double number(String line, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\": ([0-9.]+)").matcher(line);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in " + line);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static void remove(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
