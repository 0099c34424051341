package io.margay.bench.audit;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.audit.verify.Verifier;
import io.margay.app.cli.CommandFailure;
import io.margay.app.state.StateFolder;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench audit}: durable records, questions and proofs. */
@Command(
    name = "audit",
    description = {
      "Audit records written and flushed by one caller and by many at once, beside bare flushes of the"
          + " same",
      "size; then questions to many records, and their verification.",
      "Needs about 1.2 GB in the directory for a million records."
    },
    mixinStandardHelpOptions = true)
public final class AuditCommand extends BenchCommand {
  private static final int QUESTIONS = 200;

  @Option(
      names = "--records",
      defaultValue = "1000000",
      description = "That are asked and verified; default: ${DEFAULT-VALUE}.")
  private int records = 1_000_000;

  @Option(
      names = "--callers",
      defaultValue = "512",
      description = "That write at once; default: ${DEFAULT-VALUE}.")
  private int callers = 512;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Of each measurement of writing; default: ${DEFAULT-VALUE}.")
  private int seconds = 5;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where the log is while it is measured; default: a temporary one. A file system"
              + " in memory measures nothing.")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (records < 1_000 || callers < 1 || seconds < 1) {
      throw new CommandFailure("write --records of at least 1000, --callers and --seconds of 1");
    }
    Path parent = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    Path work = Files.createTempDirectory(parent, "margay-bench-audit");
    try {
      Appending appending = new Appending(work, seconds);
      appending.warmUp();
      double flush = appending.bareFlushes();
      print(JsonLine.of("audit", "bare flushes").number("medianMillis", flush));
      print(appending.append(1, flush));
      print(appending.append(callers, flush));
      progress("writing " + records + " records");
      Path log = appending.fill(records, callers);
      ask(log);
      prove(log);
    } finally {
      StateFolder.remove(work);
    }
    return 0;
  }

  private void ask(Path log) throws IOException {
    AuditSearch search = new AuditSearch(new LogFiles(log));
    long began = System.nanoTime();
    search.find(AuditQuery.newest());
    print(JsonLine.of("audit", "first question").number("millis", millis(began)));
    AuditQuery any = AuditQuery.newest();
    List<AuditQuery> kinds =
        List.of(
            any.with("user", "user3").with("verdict", "DENY"),
            any.with("policy", "policy7").with("target", "server2/tool4"),
            any.with("trace", Appending.trace(records / 3)),
            any.with("agent", "spiffe://example.org/agent/nobody"));
    for (AuditQuery query : kinds) {
      Samples samples = new Samples();
      int found = 0;
      for (int i = 0; i < QUESTIONS; i++) {
        long start = System.nanoTime();
        found = search.find(query).records().size();
        samples.add(millis(start));
      }
      print(
          JsonLine.of("audit", "question")
              .text("asked", String.join(" ", query.terms().stream().sorted().toList()))
              .number("records", records)
              .number("found", found)
              .number("medianMillis", samples.median())
              .number("p99Millis", samples.quantile(0.99)));
    }
  }

  private void prove(Path log) throws IOException {
    long began = System.nanoTime();
    Report report = Verifier.verify(log, Optional.empty(), List.of());
    print(
        JsonLine.of("audit", "verification")
            .number("records", report.records())
            .text("verified", Boolean.toString(report.isVerified()))
            .number("seconds", millis(began) / 1000));
  }

  private static double millis(long since) {
    return (System.nanoTime() - since) / 1e6;
  }
}
