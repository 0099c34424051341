package io.margay.flows.archive;

import io.margay.flows.DropCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The history on disk of one process.
 *
 * <pre>
 *   accept(updates) ─► journal thread ─► fsync ─► acknowledged
 *                          │    └──────────────► live buckets
 *                          ▼ sums of each bucket
 *                      writer thread ─► DuckDB: closed buckets, sorted hours, roll-ups, retention
 *                                          ▲
 *   HistoryReader ─────────────────────────┘ (and the live buckets)
 * </pre>
 *
 * <p>An update is acknowledged when the journal has it on disk. Where the disk is full, it is
 * acknowledged all the same, so that nodes go on, and counted as not durable.
 */
public final class Archive implements FlowIngest, AutoCloseable {
  private final KeyDictionary dictionary;
  private final Journal journal;
  private final ArchiveWriter writer;
  private final JournalThread intake;
  private final List<FlowUpdate> replayed = new ArrayList<>();
  private final AtomicLong nextUnkept = new AtomicLong(1L << 40);
  private final int completeFrom;
  private boolean started;

  private Archive(ArchiveConfig config, InstantSource clock, DropCounters drops, Database database)
      throws IOException, SQLException {
    this.dictionary = new KeyDictionary(config.keys());
    Flusher flusher = new Flusher(dictionary);
    Map<Integer, Long> held = new HashMap<>();
    Map<String, Long> senders = new HashMap<>();
    Layout layout = database.use(connection -> load(connection, held, senders));
    flusher.loaded();
    this.completeFrom = dictionary.size() == 0 ? Integer.MIN_VALUE : dictionary.newestBucket() + 1;
    this.journal = new Journal(config.directory().resolve("journal"), dictionary);
    this.writer =
        new ArchiveWriter(config, clock, drops, database, dictionary, flusher, held, layout);
    this.intake = new JournalThread(config, clock, drops, dictionary, journal, writer, senders);
    journal.replay(held, this::replay);
  }

  /**
   * Opens the history, or begins one, and reads back what was not yet written to the database. A
   * damaged database is moved aside and told in the log.
   *
   * @param drops counts what does not get into the history
   * @throws IOException if the directory cannot be used
   * @throws IllegalStateException if the history is there and cannot be used, with the reason
   */
  public static Archive open(ArchiveConfig config, InstantSource clock, DropCounters drops)
      throws IOException {
    try {
      return openOnce(config, clock, drops);
    } catch (SQLException e) {
      if (!Database.isDamaged(e)) {
        throw unusable(config, e);
      }
      Database.setAside(config, e);
    }
    try {
      return openOnce(config, clock, drops);
    } catch (SQLException e) {
      throw unusable(config, e);
    }
  }

  private static Archive openOnce(ArchiveConfig config, InstantSource clock, DropCounters drops)
      throws IOException, SQLException {
    Database database = Database.open(config);
    try {
      return new Archive(config, clock, drops, database);
    } catch (SQLException | IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static IllegalStateException unusable(ArchiveConfig config, SQLException e) {
    return new IllegalStateException(
        "the flow history "
            + config.directory().resolve(Database.FILE)
            + " cannot be opened: "
            + e.getMessage(),
        e);
  }

  private Layout load(
      DuckDBConnection connection, Map<Integer, Long> held, Map<String, Long> senders)
      throws SQLException {
    Loader loader = new Loader(connection, dictionary);
    Layout layout = loader.layout();
    loader.keys(layout);
    held.putAll(loader.held());
    senders.putAll(loader.senders());
    return layout;
  }

  private void replay(FlowUpdate update) {
    intake.replay(update);
    if (Buckets.of(update.bucket()) >= completeFrom) {
      replayed.add(update);
    }
  }

  /**
   * Begins to take updates in.
   *
   * @param live gets them too, and first what was read back and is not in the database
   */
  public void start(FlowIngest live) {
    started = true;
    if (!replayed.isEmpty()) {
      live.accept(List.copyOf(replayed));
      replayed.clear();
    }
    intake.start(live);
    writer.start();
  }

  @Override
  public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
    return intake.accept(updates);
  }

  @Override
  public Map<String, Long> lastSequences() {
    return intake.lastSequences();
  }

  /**
   * The number of a key, the same in memory and on disk. Keys for which the history has no room get
   * numbers of their own, for as long as the process lives.
   */
  public long numberOf(FlowKey key) {
    int number = dictionary.numberOf(key);
    return number == KeyDictionary.FULL ? nextUnkept.getAndIncrement() : number;
  }

  KeyDictionary dictionary() {
    return dictionary;
  }

  /**
   * The first bucket that the live buckets may know wholly: older ones are from an earlier life.
   */
  int completeFrom() {
    return completeFrom;
  }

  /** A question to the database. */
  @FunctionalInterface
  interface Question<T> {
    T ask(DuckDBConnection connection, Layout layout) throws SQLException;
  }

  /**
   * Asks while no table goes away.
   *
   * @throws IllegalStateException if the database cannot answer
   */
  <T> T read(Question<T> question) {
    return writer.read(question);
  }

  /**
   * Copies the history to a new database file while everything goes on. It holds what was in the
   * database at one moment: all but the last minute.
   *
   * @throws IOException if the target exists or cannot be written
   */
  public void backupTo(Path target) throws IOException {
    writer.backupTo(target);
  }

  /**
   * How the history does.
   *
   * @param databaseBytes that are used
   * @param journalBytes that wait to be written to the database
   * @param keys distinct flow keys
   * @param waitingFlows of closed buckets that are not in the database yet
   * @param unsortedHours that are not yet in the tables of their day: as a rule one or two
   * @param oldest the start of the oldest hour or day; null if there is none
   * @param problem why the last write failed; null if it did not
   */
  public record Status(
      long databaseBytes,
      long journalBytes,
      int keys,
      long waitingFlows,
      int unsortedHours,
      @Nullable Instant oldest,
      @Nullable String problem) {}

  public Status status() {
    String problem = intake.problem();
    return new Status(
        writer.databaseBytes(),
        intake.journalBytes(),
        dictionary.size(),
        writer.waitingFlows(),
        writer.layout().recentHours().size(),
        writer.layout().oldest(),
        problem == null ? writer.problem() : problem);
  }

  /** Takes in what waits, writes what is closed, and ends. */
  @Override
  public void close() {
    if (started) {
      intake.close();
      writer.close();
    }
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.closeDatabase();
    }
  }

  /** Writes what is closed, for tests: without waiting for the time of the next write. */
  void writeNow() throws InterruptedException {
    intake.detachClosed();
    writer.runNow();
  }
}
