package io.margay.flows.archive;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the history is, how long it is kept, and what it may use.
 *
 * @param directory holds the database and the journal, and nothing else
 * @param keepFor flows older than this are removed, by whole days
 * @param keepBytes of the database; the oldest days are removed when it is larger
 * @param fiveMinutesAfter age at which a day's 15-second flows are rolled up to five minutes
 * @param hoursAfter age at which they are rolled up to hours
 * @param lateLimit updates for older buckets are not archived
 * @param closeAfter how long a bucket waits for late updates before it is written to the database
 * @param keys distinct flow keys; updates with further ones are not archived
 * @param pendingFlows that wait in memory to be written, when the disk is slow or full
 * @param queuedUpdates that wait for the journal; who brings more has to wait
 * @param databaseMemoryMegabytes that the database may use for itself
 * @param databaseThreads that a query or a roll-up may use
 */
public record ArchiveConfig(
    Path directory,
    Duration keepFor,
    long keepBytes,
    Duration fiveMinutesAfter,
    Duration hoursAfter,
    Duration lateLimit,
    Duration closeAfter,
    int keys,
    int pendingFlows,
    int queuedUpdates,
    int databaseMemoryMegabytes,
    int databaseThreads) {

  public ArchiveConfig {
    if (keepFor.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "keepFor " + keepFor + " is too short, write at least P1D");
    }
    if (fiveMinutesAfter.compareTo(Duration.ofDays(1)) < 0
        || hoursAfter.compareTo(fiveMinutesAfter) < 0) {
      throw new IllegalArgumentException(
          "roll-up after "
              + fiveMinutesAfter
              + " and "
              + hoursAfter
              + ": write at least P1D, and the later one not before the other");
    }
  }

  /** The same with another age and size at which flows go. */
  public ArchiveConfig keeping(Duration age, long bytes) {
    return new ArchiveConfig(
        directory,
        age,
        bytes,
        fiveMinutesAfter,
        hoursAfter,
        lateLimit,
        closeAfter,
        keys,
        pendingFlows,
        queuedUpdates,
        databaseMemoryMegabytes,
        databaseThreads);
  }

  /** 30 days or 10 GB, rolled up after a day and a week. */
  public static ArchiveConfig in(Path directory) {
    return new ArchiveConfig(
        directory,
        Duration.ofDays(30),
        10_000_000_000L,
        Duration.ofDays(1),
        Duration.ofDays(7),
        Duration.ofDays(1),
        Duration.ofSeconds(15),
        2_000_000,
        1_000_000,
        100_000,
        160,
        2);
  }
}
