package io.margay.flows.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Sorts hours that are over into the tables of their day, and rolls up old days. Every step is one
 * transaction. Sums stay the same; open connections are told as at the end of the longer time, and
 * labels are those that all have in common.
 */
final class Compactor {
  /** Rows that are sorted at a time: more would not fit into the database's memory. */
  private static final long ROWS_AT_ONCE = 1_000_000;

  private final KeyDictionary dictionary;
  private final Flusher flusher;

  Compactor(KeyDictionary dictionary, Flusher flusher) {
    this.dictionary = dictionary;
    this.flusher = flusher;
  }

  /** Work of a transaction. */
  @FunctionalInterface
  private interface Step {
    Layout run(Statement statement) throws SQLException;
  }

  private void inTransaction(DuckDBConnection connection, Step step, Publish publish)
      throws SQLException {
    Flusher.Written written = flusher.written();
    Database.begin(connection);
    try (Statement statement = connection.createStatement()) {
      Layout result = step.run(statement);
      publish.commit(connection, result);
    } catch (SQLException e) {
      flusher.restore(written);
      Database.rollBack(connection, e);
      throw e;
    }
  }

  /** Commits while nobody reads, since tables go, and tells readers the new tables. */
  @FunctionalInterface
  interface Publish {
    void commit(DuckDBConnection connection, Layout layout) throws SQLException;
  }

  /** Sorts an hour into its day. */
  void sortIn(DuckDBConnection connection, long hour, Layout layout, Publish publish)
      throws SQLException {
    inTransaction(connection, statement -> sortIn(connection, statement, hour, layout), publish);
  }

  private Layout sortIn(DuckDBConnection connection, Statement statement, long hour, Layout layout)
      throws SQLException {
    long day = Layout.dayOf(hour);
    Layout result = layout;
    Integer known = layout.days().get(day);
    int resolution = known == null ? Layout.FINE : known;
    if (known == null) {
      statement.execute(Schema.createFacts(Layout.facts(day, resolution)));
      statement.execute(Schema.createHours(Layout.hours(day)));
      statement.execute(Schema.createStatistics(Layout.statistics(day, resolution)));
      statement.execute(
          "INSERT INTO day VALUES (DATE '1970-01-01' + " + day + ", " + resolution + ")");
      BucketIndex.create(statement, day);
      result = result.withDay(day, resolution).withIndex(day);
    }
    String recent = Layout.recent(hour);
    for (String slice : slices(statement, recent)) {
      if (resolution < Layout.HOUR) {
        rollUp(connection, statement, recent, slice, Layout.facts(day, resolution), resolution);
      }
      sums(connection, statement, recent, slice, hour, Layout.hours(day));
      if (result.indexedDays().contains(day)) {
        BucketIndex.write(connection, recent, slice, hour);
      }
      if (layout.summedDays().contains(day)) { // These updates came late.
        long start = Layout.startOfDay(day);
        sums(connection, statement, recent, slice, start, Layout.totals(day));
      }
    }
    statistics(
        statement,
        Layout.recentStatistics(hour),
        Layout.statistics(day, resolution),
        Layout.statisticsResolution(resolution));
    statement.execute("DROP TABLE " + recent);
    statement.execute("DROP TABLE " + Layout.recentStatistics(hour));
    return result.withoutRecent(hour);
  }

  /** Conditions on keys that cut a table into parts that can be sorted in memory, in order. */
  private static List<String> slices(Statement statement, String table) throws SQLException {
    long rows;
    int keys;
    try (ResultSet row =
        statement.executeQuery("SELECT count(*), coalesce(max(key_id), 0) + 1 FROM " + table)) {
      row.next();
      rows = row.getLong(1);
      keys = row.getInt(2);
    }
    long parts = Math.max(1, Math.ceilDiv(rows, ROWS_AT_ONCE));
    List<String> slices = new ArrayList<>();
    for (long part = 0; part < parts; part++) {
      slices.add("key_id >= " + keys * part / parts + " AND key_id < " + keys * (part + 1) / parts);
    }
    return slices;
  }

  /** What late updates added to a flow and bucket comes together. */
  private static String oncePerBucket(String table, String where) {
    return "SELECT bucket, key_id, "
        + Schema.sums()
        + ", sum(live)::BIGINT AS live, min(source_labels) AS source_labels,"
        + " min(dest_labels) AS dest_labels FROM "
        + table
        + " WHERE "
        + where
        + " GROUP BY bucket, key_id";
  }

  private void rollUp(
      DuckDBConnection connection,
      Statement statement,
      String from,
      String where,
      String to,
      int resolution)
      throws SQLException {
    String slot = "bucket // " + resolution + " * " + resolution;
    boolean fixes = commonLabels(connection, statement, from, where, slot);
    statement.execute(
        "INSERT INTO "
            + to
            + " SELECT slot, s.key_id, "
            + Schema.columns()
            + ", live, "
            + labels(fixes)
            + " FROM (SELECT "
            + slot
            + " AS slot, key_id, "
            + Schema.sums()
            + ", arg_max(live, bucket) AS live, min(source_labels) AS source_labels,"
            + " min(dest_labels) AS dest_labels FROM ("
            + oncePerBucket(from, where)
            + ") GROUP BY slot, key_id) AS s"
            + join(fixes)
            + " ORDER BY s.key_id, slot");
  }

  /** Adds up flows of an hour or a day by key. */
  private void sums(
      DuckDBConnection connection,
      Statement statement,
      String from,
      String where,
      long start,
      String to)
      throws SQLException {
    String rows =
        "SELECT key_id, bucket AS first_bucket, bucket AS last_bucket, 1 AS buckets, "
            + Schema.columns()
            + ", live, source_labels, dest_labels FROM ("
            + oncePerBucket(from, where)
            + ")";
    sumsOf(connection, statement, rows, from, where, start, to);
  }

  private void sumsOf(
      DuckDBConnection connection,
      Statement statement,
      String rows,
      String from,
      String where,
      long start,
      String to)
      throws SQLException {
    boolean fixes = commonLabels(connection, statement, from, where, Long.toString(start));
    statement.execute(
        "INSERT INTO "
            + to
            + " SELECT slot, s.key_id, first_bucket, last_bucket, buckets, "
            + Schema.columns()
            + ", live, "
            + labels(fixes)
            + " FROM (SELECT "
            + start
            + "::BIGINT AS slot, key_id, min(first_bucket) AS first_bucket,"
            + " max(last_bucket) AS last_bucket, sum(buckets)::INTEGER AS buckets, "
            + Schema.sums()
            + ", arg_max(live, last_bucket) AS live, min(source_labels) AS source_labels,"
            + " min(dest_labels) AS dest_labels FROM ("
            + rows
            + ") GROUP BY key_id) AS s"
            + join(fixes)
            + " ORDER BY s.key_id");
  }

  /**
   * Adds up the hours of a day that is over, so that questions about long times read one row for
   * each key and day. What comes later is added to both.
   */
  void sumUp(DuckDBConnection connection, long day, Layout layout, Publish publish)
      throws SQLException {
    inTransaction(
        connection,
        statement -> {
          String hours = Layout.hours(day);
          String totals = Layout.totals(day);
          statement.execute(Schema.createHours(totals));
          for (String slice : slices(statement, hours)) {
            // The last level counts, to which late updates may have added.
            String rows =
                "SELECT key_id, min(first_bucket) AS first_bucket, last_bucket,"
                    + " sum(buckets) AS buckets, "
                    + Schema.sums()
                    + ", sum(live)::BIGINT AS live, min(source_labels) AS source_labels,"
                    + " min(dest_labels) AS dest_labels FROM "
                    + hours
                    + " WHERE "
                    + slice
                    + " GROUP BY key_id, last_bucket";
            sumsOf(connection, statement, rows, hours, slice, Layout.startOfDay(day), totals);
          }
          return layout.withSums(day);
        },
        publish);
  }

  private static String labels(boolean fixes) {
    return fixes
        ? "coalesce(f.source_labels, s.source_labels), coalesce(f.dest_labels, s.dest_labels)"
        : "s.source_labels, s.dest_labels";
  }

  private static String join(boolean fixes) {
    return fixes ? " LEFT JOIN label_fix AS f USING (slot, key_id)" : "";
  }

  /** Labels changed meanwhile. */
  private record Change(long slot, int key, int sourceLabels, int destLabels) {}

  /**
   * Works out the labels of flows that come together and whose labels differ, into a table of this
   * connection; returns whether there are any. The rule is {@code Flow.commonLabels}: SQL does not
   * know it.
   */
  private boolean commonLabels(
      DuckDBConnection connection, Statement statement, String from, String where, String slot)
      throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT "
                + slot
                + " AS slot, key_id, string_agg(DISTINCT source_labels, ','),"
                + " string_agg(DISTINCT dest_labels, ',') FROM "
                + from
                + " WHERE "
                + where
                + " AND key_id IN (SELECT key_id FROM "
                + from
                + " WHERE "
                + where
                + " GROUP BY key_id HAVING min(source_labels) <> max(source_labels)"
                + " OR min(dest_labels) <> max(dest_labels)) GROUP BY slot, key_id"
                + " HAVING min(source_labels) <> max(source_labels)"
                + " OR min(dest_labels) <> max(dest_labels)")) {
      while (rows.next()) {
        changes.add(
            new Change(
                rows.getLong(1),
                rows.getInt(2),
                common(rows.getString(3)),
                common(rows.getString(4))));
      }
    }
    if (changes.isEmpty()) {
      return false;
    }
    flusher.writeNew(connection);
    statement.execute(
        "CREATE OR REPLACE TEMP TABLE label_fix (slot BIGINT, key_id INTEGER,"
            + " source_labels INTEGER, dest_labels INTEGER)");
    try (DuckDBAppender rows = connection.createAppender("temp", "main", "label_fix")) {
      for (Change change : changes) {
        rows.beginRow();
        rows.append(change.slot());
        rows.append(change.key());
        rows.append(change.sourceLabels());
        rows.append(change.destLabels());
        rows.endRow();
      }
    }
    return true;
  }

  private int common(String sets) {
    return dictionary.commonLabels(KeyQueries.numbers(sets));
  }

  private static void statistics(Statement statement, String from, String to, int resolution)
      throws SQLException {
    statement.execute(
        "INSERT INTO "
            + to
            + " SELECT slot // "
            + resolution
            + " * "
            + resolution
            + " AS wide, trace_id, reporter, min(first_bucket), max(last_bucket), "
            + Schema.sums()
            + " FROM "
            + from
            + " GROUP BY wide, trace_id, reporter ORDER BY wide");
  }

  /** Makes a day coarser. Its hours are there already, so that hours need no flows any more. */
  void rollUp(DuckDBConnection connection, long day, int resolution, Layout layout, Publish publish)
      throws SQLException {
    inTransaction(
        connection, statement -> rollUp(connection, statement, day, resolution, layout), publish);
  }

  private Layout rollUp(
      DuckDBConnection connection, Statement statement, long day, int resolution, Layout layout)
      throws SQLException {
    Integer before = layout.days().get(day);
    if (before == null || before >= resolution) {
      return layout;
    }
    String facts = Layout.facts(day, before);
    if (resolution < Layout.HOUR) {
      String coarse = Layout.facts(day, resolution);
      statement.execute(Schema.createFacts(coarse));
      for (int hour = 0; hour < 24; hour++) {
        long start = Layout.startOfDay(day) + (long) hour * Layout.HOUR;
        String where = "bucket >= " + start + " AND bucket < " + (start + Layout.HOUR);
        rollUp(connection, statement, facts, where, coarse, resolution);
      }
    }
    statement.execute("DROP TABLE " + facts);
    String statistics = Layout.statistics(day, before);
    String coarse = Layout.statistics(day, resolution);
    if (!statistics.equals(coarse)) {
      statement.execute(Schema.createStatistics(coarse));
      statistics(statement, statistics, coarse, Layout.statisticsResolution(resolution));
      statement.execute("DROP TABLE " + statistics);
    }
    statement.execute(
        "UPDATE day SET resolution = " + resolution + " WHERE day = DATE '1970-01-01' + " + day);
    if (layout.indexedDays().contains(day)) {
      BucketIndex.drop(statement, day);
    }
    return layout.withDay(day, resolution).withoutIndex(day);
  }

  /** Remembers when policies were last used, for as long as there is a history. */
  private static void keepLastUse(Statement statement, String statistics) throws SQLException {
    statement.execute(
        "INSERT INTO trace_last_used SELECT trace_id, reporter, max(last_bucket) FROM "
            + statistics
            + " GROUP BY trace_id, reporter");
    statement.execute(
        "DELETE FROM trace_last_used AS old WHERE EXISTS (SELECT 1 FROM trace_last_used AS later"
            + " WHERE later.trace_id = old.trace_id AND later.reporter = old.reporter"
            + " AND later.last_bucket > old.last_bucket)");
  }

  /** Removes a day. */
  void remove(DuckDBConnection connection, long day, Layout layout, Publish publish)
      throws SQLException {
    inTransaction(
        connection,
        statement -> {
          Integer resolution = layout.days().get(day);
          if (resolution == null) {
            return layout;
          }
          if (resolution < Layout.HOUR) {
            statement.execute("DROP TABLE " + Layout.facts(day, resolution));
          }
          statement.execute("DROP TABLE " + Layout.hours(day));
          if (layout.summedDays().contains(day)) {
            statement.execute("DROP TABLE " + Layout.totals(day));
          }
          if (layout.indexedDays().contains(day)) {
            BucketIndex.drop(statement, day);
          }
          keepLastUse(statement, Layout.statistics(day, resolution));
          statement.execute("DROP TABLE " + Layout.statistics(day, resolution));
          statement.execute("DELETE FROM day WHERE day = DATE '1970-01-01' + " + day);
          return layout.withoutDay(day);
        },
        publish);
  }
}
