package io.margay.flows.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The DuckDB file of the history: how it is opened, and connections to it. */
final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  static final String FILE = "flows.duckdb";

  /** Its name inside of DuckDB. */
  static final String CATALOG = "history";

  /** Grows when a table changes; an older file is then brought up to date, a newer one refused. */
  private static final int SCHEMA = 2;

  /**
   * Small row groups let a query pass over most of a day that is sorted by hour and key: DuckDB
   * knows the least and the greatest key of each.
   */
  private static final int ROWS_IN_GROUP = 16_384;

  private final Path file;
  private final DuckDBConnection root;
  private final Deque<DuckDBConnection> idle = new ArrayDeque<>();

  private Database(Path file, DuckDBConnection root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Opens the file, or begins one.
   *
   * @throws SQLException if it cannot be used: another process has it, it is of a newer version, or
   *     it is damaged
   */
  static Database open(ArchiveConfig config) throws IOException, SQLException {
    Files.createDirectories(config.directory());
    return attach(config, file(config));
  }

  private static Path file(ArchiveConfig config) {
    return config.directory().resolve(FILE);
  }

  /** Whether DuckDB says that the file's contents are bad: all else must not move the file. */
  static boolean isDamaged(SQLException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("corrupt")
        || message.contains("not a valid duckdb")
        || message.contains("could not read enough bytes")
        || message.contains("failure while replaying wal")
        || message.contains("serialization error");
  }

  /** Moves a damaged file out of the way, where somebody may look at it. */
  static void setAside(ArchiveConfig config, SQLException damage) throws IOException {
    Path file = file(config);
    log.error(
        "the flow history {} is damaged and was moved to {}; a new one is begun. {}",
        file,
        setAside(file),
        damage.getMessage());
  }

  private static Path setAside(Path file) throws IOException {
    int number = 1;
    Path aside;
    do {
      aside = file.resolveSibling(file.getFileName() + ".damaged-" + number++);
    } while (Files.exists(aside));
    Files.move(file, aside);
    Path wal = file.resolveSibling(file.getFileName() + ".wal");
    if (Files.exists(wal)) {
      Files.move(wal, aside.resolveSibling(aside.getFileName() + ".wal"));
    }
    return aside;
  }

  private static Database attach(ArchiveConfig config, Path file) throws SQLException {
    Properties options = new Properties();
    options.setProperty("threads", Integer.toString(config.databaseThreads()));
    options.setProperty("memory_limit", config.databaseMemoryMegabytes() + "MB");
    options.setProperty("temp_directory", config.directory().resolve("temporary").toString());
    options.setProperty("autoinstall_known_extensions", "false");
    options.setProperty("autoload_known_extensions", "false");
    DuckDBConnection root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", options);
    Database database = new Database(file, root);
    try (Statement statement = root.createStatement()) {
      statement.execute(
          "ATTACH " + quoted(file) + " AS " + CATALOG + " (ROW_GROUP_SIZE " + ROWS_IN_GROUP + ")");
      statement.execute("USE " + CATALOG);
      createSchema(statement);
    } catch (SQLException e) {
      database.close();
      throw e;
    }
    return database;
  }

  static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }

  private static void createSchema(Statement statement) throws SQLException {
    for (String table : Schema.DICTIONARIES) {
      statement.execute(table);
    }
    List<Integer> versions = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("SELECT version FROM schema_version")) {
      while (rows.next()) {
        versions.add(rows.getInt(1));
      }
    }
    if (versions.isEmpty()) {
      statement.execute("INSERT INTO schema_version VALUES (" + SCHEMA + ")");
    } else if (versions.getFirst() < SCHEMA) {
      // Version 1 had no sums of days. The next upkeep makes what a day lacks.
      statement.execute("UPDATE schema_version SET version = " + SCHEMA);
    } else if (versions.getFirst() > SCHEMA) {
      throw new SQLException(
          "it was written by a newer version: its schema is "
              + versions.getFirst()
              + ", this version knows "
              + SCHEMA);
    }
  }

  /** Work with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(DuckDBConnection connection) throws SQLException;
  }

  /**
   * Begins a transaction. The driver's way, {@code setAutoCommit(false)}, begins one with the next
   * statement only: what an appender wrote before would be committed by itself.
   */
  static void begin(DuckDBConnection connection) throws SQLException {
    execute(connection, "BEGIN TRANSACTION");
  }

  static void commit(DuckDBConnection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  /** Takes back a transaction that failed. */
  static void rollBack(DuckDBConnection connection, Exception because) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  private static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Lends a connection that is nobody else's meanwhile. */
  <T> T use(Work<T> work) throws SQLException {
    DuckDBConnection connection = borrow();
    try {
      T result = work.with(connection);
      giveBack(connection);
      return result;
    } catch (SQLException | RuntimeException e) {
      // Its state is unknown now.
      close(connection);
      throw e;
    }
  }

  private DuckDBConnection borrow() throws SQLException {
    synchronized (idle) {
      DuckDBConnection connection = idle.pollFirst();
      if (connection != null) {
        return connection;
      }
    }
    DuckDBConnection connection = root.duplicate();
    execute(connection, "USE " + CATALOG);
    return connection;
  }

  private void giveBack(DuckDBConnection connection) {
    synchronized (idle) {
      idle.addFirst(connection);
    }
  }

  /** Whether it still works: after some failures it does not. */
  boolean answers() {
    try {
      return use(connection -> {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT count(*) FROM schema_version")) {
          return rows.next();
        }
      });
    } catch (SQLException e) {
      return false;
    }
  }

  /** The bytes that are used; what was removed is free for new flows, though not for others. */
  long usedBytes() throws SQLException {
    return use(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT block_size * used_blocks FROM pragma_database_size()"
                      + " WHERE database_name = '"
                      + CATALOG
                      + "'")) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    });
  }

  /** Moves what was written from DuckDB's log to its file, where removed flows leave room. */
  void checkpoint() throws SQLException {
    use(connection -> {
      execute(connection, "CHECKPOINT " + CATALOG);
      return CATALOG;
    });
  }

  /** Copies everything, as it is at one moment, to a new file; reads and writes go on. */
  void copyTo(Path target) throws SQLException {
    use(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("ATTACH " + quoted(target) + " AS backup");
        try {
          statement.execute("COPY FROM DATABASE " + CATALOG + " TO backup");
        } finally {
          statement.execute("DETACH backup");
        }
      }
      return target;
    });
  }

  Path file() {
    return file;
  }

  private static void close(DuckDBConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("a connection to the flow history could not be closed", e);
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(Database::close);
      idle.clear();
    }
    close(root);
  }
}
