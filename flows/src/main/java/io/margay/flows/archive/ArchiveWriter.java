package io.margay.flows.archive;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the database: its thread alone writes. Closed buckets that cannot be written wait, and are
 * dropped and counted, oldest first, when too many wait.
 */
final class ArchiveWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ArchiveWriter.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** How often hours are sorted, days rolled up, and old ones removed. */
  private static final Duration UPKEEP = Duration.ofMinutes(5);

  /** How long after an hour's end it is sorted: what comes later costs a little order. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private final ArchiveConfig config;
  private final InstantSource clock;
  private final DropCounters drops;
  private final Flusher flusher;
  private final Compactor compactor;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Object work = new Object();

  /** Readers share it; tables go away, and the database is opened again, under the other side. */
  private final ReentrantReadWriteLock tables = new ReentrantReadWriteLock();

  private final Thread thread;
  private Database database;

  /** For each bucket that is in the journal too, the position up to which the database holds it. */
  private Map<Integer, Long> held;

  private boolean running = true;
  private volatile Layout layout;
  private volatile long waitingFlows;
  private volatile long databaseBytes;
  private volatile @Nullable String problem;
  private volatile Instant nextUpkeep = Instant.EPOCH;

  private record Waiting(Flusher.Flush flush, Consumer<Flusher.Flush> onDisk) {
    long flows() {
      return flush.buckets().stream().mapToLong(FlowSums::size).sum();
    }
  }

  ArchiveWriter(
      ArchiveConfig config,
      InstantSource clock,
      DropCounters drops,
      Database database,
      KeyDictionary dictionary,
      Flusher flusher,
      Map<Integer, Long> held,
      Layout layout) {
    this.config = config;
    this.clock = clock;
    this.drops = drops;
    this.database = database;
    this.flusher = flusher;
    this.compactor = new Compactor(dictionary, flusher);
    this.held = Map.copyOf(held);
    this.layout = layout;
    this.thread = Thread.ofPlatform().name("flow-archive").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Hands over closed buckets; never waits for the disk. */
  void write(Flusher.Flush flush, Consumer<Flusher.Flush> onDisk) {
    synchronized (work) {
      waiting.addLast(new Waiting(flush, onDisk));
      waitingFlows += waiting.getLast().flows();
      while (waitingFlows > config.pendingFlows() && waiting.size() > 1) {
        // The journal still has them if the disk took them there: the next start reads them back.
        long lost = waiting.removeFirst().flows();
        waitingFlows -= lost;
        drops.count(DropReason.ARCHIVE_FULL, lost);
      }
      work.notifyAll();
    }
  }

  private void run() {
    while (waitForWork()) {
      writeAll();
    }
  }

  /** Waits for work; false when all is done and the end has come. */
  private boolean waitForWork() {
    synchronized (work) {
      try {
        while (running && (waiting.isEmpty() || problem != null)) {
          work.wait(RETRY.toMillis());
          if (problem != null || !clock.instant().isBefore(nextUpkeep)) {
            break;
          }
        }
      } catch (InterruptedException e) {
        return false;
      }
      return running || !waiting.isEmpty();
    }
  }

  private synchronized void writeAll() {
    List<Waiting> batch;
    synchronized (work) {
      batch = new ArrayList<>(waiting);
    }
    try {
      if (!batch.isEmpty()) {
        flush(batch);
        done(batch);
        batch.forEach(written -> written.onDisk().accept(written.flush()));
      }
      upkeep();
      databaseBytes = database.usedBytes();
      problem = null;
    } catch (SQLException | RuntimeException e) {
      log.error("the flow history cannot be written, and will be tried again: {}", e.getMessage());
      problem = "the database cannot be written: " + e.getMessage();
      openAgain();
      synchronized (work) {
        if (!running) {
          waiting.clear(); // The journal has it: the next start reads it back.
        }
      }
    }
  }

  private void done(List<Waiting> batch) {
    synchronized (work) {
      for (Waiting written : batch) {
        if (waiting.remove(written)) {
          waitingFlows -= written.flows();
        }
      }
    }
  }

  /** Everything that waits in one transaction: the last marks cover the earlier ones. */
  private void flush(List<Waiting> batch) throws SQLException {
    List<FlowSums> buckets = new ArrayList<>();
    Map<Integer, Long> marks = new HashMap<>(held);
    for (Waiting each : batch) {
      for (FlowSums bucket : each.flush().buckets()) {
        buckets.add(bucket);
        marks.merge(bucket.bucket, each.flush().position(), Math::max);
      }
    }
    Flusher.Flush last = batch.getLast().flush();
    marks.keySet().retainAll(last.inJournal());
    layout =
        database.use(
            connection -> flusher.write(connection, buckets, marks, last.senders(), layout));
    held = marks;
  }

  /** Sorts, rolls up and removes, if it is time. */
  private void upkeep() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(nextUpkeep)) {
      return;
    }
    nextUpkeep = now.plus(UPKEEP);
    database.use(connection -> {
      for (long hour : List.copyOf(layout.recentHours())) {
        if (hour + Layout.HOUR + SETTLED.toSeconds() <= now.getEpochSecond()) {
          compactor.sortIn(connection, hour, layout, this::commit);
        }
      }
      for (long day : List.copyOf(layout.days().keySet())) {
        age(connection, day, now);
      }
      return layout;
    });
    database.checkpoint();
    while (layout.days().size() > 1 && database.usedBytes() > config.keepBytes()) {
      long oldest = layout.days().firstKey();
      log.info("the flow history is larger than {} bytes: its oldest day goes", config.keepBytes());
      remove(oldest);
    }
  }

  private void age(DuckDBConnection connection, long day, Instant now) throws SQLException {
    Duration age = Duration.between(Instant.ofEpochSecond(Layout.startOfDay(day + 1)), now);
    if (age.compareTo(config.keepFor()) > 0) {
      compactor.remove(connection, day, layout, this::commit);
    } else if (age.compareTo(config.hoursAfter()) >= 0) {
      compactor.rollUp(connection, day, Layout.HOUR, layout, this::commit);
    } else if (age.compareTo(config.fiveMinutesAfter()) >= 0) {
      compactor.rollUp(connection, day, Layout.ROLLED_UP, layout, this::commit);
    }
    if (age.compareTo(SETTLED) >= 0
        && layout.days().containsKey(day)
        && !layout.summedDays().contains(day)) {
      compactor.sumUp(connection, day, layout, this::commit);
    }
  }

  private void remove(long day) throws SQLException {
    database.use(connection -> {
      compactor.remove(connection, day, layout, this::commit);
      return layout;
    });
    database.checkpoint();
  }

  private void commit(DuckDBConnection connection, Layout after) throws SQLException {
    tables.writeLock().lock();
    try {
      Database.commit(connection);
      layout = after;
    } finally {
      tables.writeLock().unlock();
    }
  }

  /** After some failures, as of a full disk, DuckDB serves nobody until it is opened again. */
  private void openAgain() {
    tables.writeLock().lock();
    try {
      if (database.answers()) {
        return;
      }
      database.close();
      database = Database.open(config);
    } catch (IOException | SQLException | RuntimeException e) {
      log.error("the flow history cannot be opened again: {}", e.getMessage());
      problem = "the database cannot be opened: " + e.getMessage();
    } finally {
      tables.writeLock().unlock();
    }
  }

  <T> T read(Archive.Question<T> question) {
    try {
      return database().use(connection -> inSnapshot(connection, question));
    } catch (SQLException e) {
      throw new IllegalStateException("the flow history cannot answer: " + e.getMessage(), e);
    }
  }

  private Database database() {
    tables.readLock().lock();
    try {
      return database;
    } finally {
      tables.readLock().unlock();
    }
  }

  /** Tables may go while a question is asked, but not between the list of them and its snapshot. */
  private <T> T inSnapshot(DuckDBConnection connection, Archive.Question<T> question)
      throws SQLException {
    Database.begin(connection);
    Layout known;
    tables.readLock().lock();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT version FROM schema_version");
      known = layout;
    } finally {
      tables.readLock().unlock();
    }
    T answer = question.ask(connection, known);
    Database.commit(connection);
    return answer;
  }

  void backupTo(Path target) throws IOException {
    if (Files.exists(target)) {
      throw new IOException(target + " exists: write the name of a new file");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.deleteIfExists(part);
    try {
      database().copyTo(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (SQLException e) {
      throw new IOException("the backup " + target + " failed: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(part);
      Files.deleteIfExists(part.resolveSibling(part.getFileName() + ".wal"));
    }
  }

  Layout layout() {
    return layout;
  }

  long waitingFlows() {
    return waitingFlows;
  }

  long databaseBytes() {
    return databaseBytes;
  }

  @Nullable String problem() {
    return problem;
  }

  /** Writes and keeps up at once, on the caller's thread. */
  void runNow() {
    nextUpkeep = Instant.EPOCH;
    writeAll();
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    synchronized (work) {
      running = false;
      work.notifyAll();
    }
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        log.warn("the thread of the flow history did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void closeDatabase() {
    database.close();
  }
}
