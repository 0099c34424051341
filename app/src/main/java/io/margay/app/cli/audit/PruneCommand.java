package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.audit.log.Pruned;
import io.margay.agents.audit.merkle.NoteKey;
import io.margay.app.cli.CommandFailure;
import io.margay.app.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay audit prune}: removes old records, and leaves the proof of what they were. */
@Command(
    name = "prune",
    description = {
      "Removes whole segments of which every record is older than some days. Their hashes stay, and a"
          + " signed",
      "record tells what was removed, so the rest and all old checkpoints still verify.",
      "For a log that no process writes: a running gateway removes old records itself."
    },
    mixinStandardHelpOptions = true)
public final class PruneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @Option(
      names = "--older-than-days",
      required = true,
      paramLabel = "DAYS",
      description = "At least 1. The EU AI Act wants logs kept for 180 days or more.")
  private int days;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "The directory of the log's keys (default: audit-keys in the state folder).")
  private @Nullable Path keys;

  @Override
  public Integer call() throws IOException {
    if (days < 1) {
      throw new CommandFailure("--older-than-days " + days + ": write 1 or more");
    }
    LogFiles files = log.files();
    InstantSource clock = InstantSource.system();
    Instant before = clock.instant().minus(Duration.ofDays(days));
    PrintWriter out = spec.commandLine().getOut();
    Optional<Pruned> pruned = Answers.of(() -> prune(files, before, clock));
    out.println(
        pruned
            .map(done ->
                "records "
                    + done.first()
                    + " to "
                    + (done.end() - 1)
                    + " removed; record "
                    + done.receipt().sequence()
                    + " tells of it")
            .orElse("no segment is that old: nothing was removed"));
    out.flush();
    return 0;
  }

  private Optional<Pruned> prune(LogFiles files, Instant before, InstantSource clock)
      throws IOException {
    Path directory = keys == null ? StateFolder.ofUser().root().resolve("audit-keys") : keys;
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          directory + ": there are no keys; name the directory of the log's keys with --keys");
    }
    String name = NoteKey.parse(Files.readString(files.verifierKey())).name();
    try (DurableAuditLog opened =
        DurableAuditLog.open(
            files.root(), AuditKeys.loadOrCreate(directory, name), LogSettings.defaults(), clock)) {
      return opened.prune(before, System.getProperty("user.name", ""));
    } catch (AuditUnavailableException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
