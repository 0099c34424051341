package io.margay.app.cli;

import io.margay.app.process.HistoryBackups;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how often the history is backed up. */
final class BackupOptions {
  @Option(
      names = "--backups",
      paramLabel = "DIR",
      description = "Copy the history to this folder now and then; never if not given.")
  private @Nullable Path folder;

  @Option(
      names = "--backup-every",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How often, such as 6h; 24h if not given.")
  private Duration every = Duration.ofHours(24);

  @Option(
      names = "--keep-backups",
      paramLabel = "N",
      description = "How many are kept; ${DEFAULT-VALUE} if not given.")
  private int keep = 7;

  /**
   * What is wanted; empty for no backups.
   *
   * @throws CommandFailure if a number is not above zero
   */
  Optional<HistoryBackups.Plan> plan() {
    if (folder == null) {
      return Optional.empty();
    }
    if (keep < 1) {
      throw new CommandFailure("--keep-backups " + keep + ": write 1 or more");
    }
    if (!every.isPositive()) {
      throw new CommandFailure("--backup-every: write a time such as 6h");
    }
    return Optional.of(new HistoryBackups.Plan(folder, every, keep));
  }
}
