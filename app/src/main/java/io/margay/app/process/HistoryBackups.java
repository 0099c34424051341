package io.margay.app.process;

import io.margay.flows.archive.Archive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies the history to another folder every so often, while flows go on being taken in. */
public final class HistoryBackups implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HistoryBackups.class);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'flows-'yyyyMMdd'T'HHmmss'Z.duckdb'").withZone(ZoneOffset.UTC);
  private static final Pattern OURS = Pattern.compile("flows-\\d{8}T\\d{6}Z\\.duckdb");

  private final Archive archive;
  private final Plan plan;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("history-backup").daemon().factory());

  /**
   * What is wanted.
   *
   * @param folder made if it is not there; best on another disk
   * @param every from the start on, the first after this time
   * @param keep how many of them stay; older ones are removed, and other files never
   */
  public record Plan(Path folder, Duration every, int keep) {
    public Plan {
      if (!every.isPositive() || keep < 1) {
        throw new IllegalArgumentException("a backup is made now and then, and at least one kept");
      }
    }
  }

  private HistoryBackups(Archive archive, Plan plan, InstantSource clock) {
    this.archive = archive;
    this.plan = plan;
    this.clock = clock;
  }

  /**
   * Begins.
   *
   * @throws IOException with a message for the user, if the folder cannot be used
   */
  static HistoryBackups start(Archive archive, Plan plan, InstantSource clock) throws IOException {
    try {
      Files.createDirectories(plan.folder());
    } catch (IOException e) {
      throw new IOException("backups cannot be kept in " + plan.folder() + ": " + e, e);
    }
    HistoryBackups backups = new HistoryBackups(archive, plan, clock);
    long millis = plan.every().toMillis();
    backups.thread.scheduleAtFixedRate(backups::run, millis, millis, TimeUnit.MILLISECONDS);
    return backups;
  }

  private void run() {
    try {
      log.info("the history is backed up in {}", backUp());
    } catch (IOException | RuntimeException e) {
      // The next one may succeed; older ones stay until then.
      log.error("the history could not be backed up", e);
    }
  }

  /** Makes a backup, and removes those that are too many by then. */
  Path backUp() throws IOException {
    Path file = plan.folder().resolve(NAME.format(clock.instant()));
    archive.backupTo(file);
    List<Path> all;
    try (Stream<Path> files = Files.list(plan.folder())) {
      // Their names say when they were made.
      all = files.filter(one -> OURS.matcher(one.getFileName().toString()).matches()).toList();
    }
    List<Path> oldestFirst = all.stream().sorted().toList();
    for (Path old : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - plan.keep()))) {
      Files.delete(old);
    }
    return file;
  }

  /** Lets a backup that has begun come to its end. */
  @Override
  public void close() {
    thread.close();
  }
}
