package io.margay.flows.archive;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;

/**
 * Which keys have flows in which buckets of an hour, as bytes: about one and a half for each flow,
 * so that a question about some hours does not read all their flows to know whom they are of.
 *
 * <p>For each key, in order: its distance from the one before (seven bits to a byte, low ones
 * first, the eighth says that more follow), how many buckets (a byte), and which of the hour (a
 * byte each, ascending).
 */
final class BucketIndex {
  private BucketIndex() {}

  /** A table for each hour: to read a row of a table means to read all its bytes. */
  static void create(Statement statement, long day) throws SQLException {
    for (long hour : Layout.hoursOf(day).toArray()) {
      statement.execute("CREATE TABLE " + Layout.index(hour) + " (keys BLOB NOT NULL)");
    }
  }

  static void drop(Statement statement, long day) throws SQLException {
    for (long hour : Layout.hoursOf(day).toArray()) {
      statement.execute("DROP TABLE " + Layout.index(hour));
    }
  }

  /**
   * Adds flows of an hour.
   *
   * @param from the table with the flows
   * @param where on key_id
   */
  static void write(DuckDBConnection connection, String from, String where, long hour)
      throws SQLException {
    Encoder keys = new Encoder();
    try (DuckDBPreparedStatement statement =
            connection
                .prepareStatement(
                    "SELECT DISTINCT key_id, bucket FROM "
                        + from
                        + " WHERE "
                        + where
                        + " ORDER BY key_id, bucket")
                .unwrap(DuckDBPreparedStatement.class);
        DuckDBChunkedResult result = statement.query()) {
      while (result.nextChunk()) {
        DuckDBReadableVector ids = result.chunk().vector(0);
        DuckDBReadableVector seconds = result.chunk().vector(1);
        for (long row = 0; row < ids.rowCount(); row++) {
          keys.add(ids.getInt(row), (int) ((seconds.getLong(row) - hour) / Layout.FINE));
        }
      }
    }
    try (DuckDBAppender rows = Flusher.appender(connection, Layout.index(hour))) {
      rows.beginRow();
      rows.append(keys.bytes());
      rows.endRow();
    }
  }

  /** Takes what is sorted by key and bucket. */
  static final class Encoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final byte[] buckets = new byte[Buckets.IN_HOUR];
    private int before;
    private int key = -1;
    private int count;

    void add(int nextKey, int bucket) {
      if (nextKey != key) {
        writeKey();
        key = nextKey;
      }
      buckets[count++] = (byte) bucket;
    }

    private void writeKey() {
      if (count == 0) {
        return;
      }
      int distance = key - before;
      while (distance > 127) {
        bytes.write(distance & 127 | 128);
        distance >>>= 7;
      }
      bytes.write(distance);
      bytes.write(count);
      bytes.write(buckets, 0, count);
      before = key;
      count = 0;
    }

    byte[] bytes() {
      writeKey();
      return bytes.toByteArray();
    }
  }

  /** A key, and the start of a bucket in epoch seconds. */
  @FunctionalInterface
  interface Seen {
    void in(int key, long second);
  }

  /**
   * Tells of each key the last bucket in a time, once for each hour or more often.
   *
   * @param from in epoch seconds: buckets count that end after it
   * @param to buckets count that begin before it
   */
  static void last(DuckDBConnection connection, long day, long from, long to, Seen seen)
      throws SQLException {
    String select =
        Layout.hoursOf(day)
            .filter(hour -> hour < to && hour + Layout.HOUR > from)
            .mapToObj(hour -> "SELECT " + hour + "::BIGINT, keys FROM " + Layout.index(hour))
            .collect(Collectors.joining(" UNION ALL "));
    if (select.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        last(row.getLong(1), row.getBytes(2), from, to, seen);
      }
    }
  }

  static void last(long hour, byte[] keys, long from, long to, Seen seen) {
    int key = 0;
    int at = 0;
    while (at < keys.length) {
      int shift = 0;
      int part;
      do {
        part = keys[at++];
        key += (part & 127) << shift;
        shift += 7;
      } while (part < 0);
      int first = at + 1;
      int next = first + (keys[at] & 255);
      at = next;
      while (next > first) {
        long second = hour + (keys[--next] & 255L) * Layout.FINE;
        if (second < to) {
          if (second + Layout.FINE > from) {
            seen.in(key, second);
          }
          break;
        }
      }
    }
  }
}
