package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.query.TimeRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;

/** Questions about keys: which had flows in a range, and how much. */
final class KeyQueries {
  /** Of more keys than this all rows are read, and the others left out here. */
  static final int FEW = 2_000;

  /** A table of the connection with the keys that are asked for. */
  private static final String WANTED = "wanted";

  /** Up to so many keys are written into the question itself. */
  private static final int WRITTEN_OUT = 500;

  private final KeyDictionary dictionary;

  KeyQueries(KeyDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Keys with, for each, the start of its last bucket in the range, in epoch seconds. */
  record Active(int[] keys, long[] last, int size) {}

  /** Which keys had flows. Where the range reaches up to now, memory knows it. */
  Active active(Archive archive, LivePart live, TimeRange range, IntPredicate filter) {
    Active candidates = untilNow(range, filter);
    long newest = Buckets.second(Math.max(0, dictionary.newestBucket()));
    if (range.toSecondOr(LivePart.FOREVER) > newest || candidates.size() == 0) {
      return candidates;
    }
    long[] last = new long[dictionary.size()];
    long from = LivePart.archivedAfter(range);
    long to = live.archivedBefore(range);
    archive.read((connection, layout) -> {
      Layout rest = layout;
      for (long day : layout.indexedDays()) {
        long start = Layout.startOfDay(day);
        long end = Layout.startOfDay(day + 1);
        boolean isWhole = from <= start && to >= end && layout.summedDays().contains(day);
        if (!isWhole && start < to && end > from) {
          BucketIndex.last(connection, day, from, to, (k, at) -> note(last, k, at));
          rest = rest.withoutDay(day);
        }
      }
      String condition =
          candidates.size() > FEW ? "" : want(connection, candidates.keys(), candidates.size());
      String select = new RowSql(rest, from, to, condition).select(RowSql.Longest.DAY);
      if (!select.isEmpty()) {
        lastBuckets(connection, select, last);
      }
      return last;
    });
    for (Flow flow : live.flows(range)) {
      if (isKept(flow)) {
        note(last, (int) flow.keyNumber(), flow.bucket().getEpochSecond());
      }
    }
    int count = 0;
    for (int i = 0; i < candidates.size(); i++) {
      int key = candidates.keys()[i];
      if (last[key] > 0) {
        candidates.keys()[count] = key;
        candidates.last()[count++] = last[key];
      }
    }
    return new Active(candidates.keys(), candidates.last(), count);
  }

  /** Reads row upon row of all keys: to add them up here takes half the time of a GROUP BY. */
  private static void lastBuckets(DuckDBConnection connection, String select, long[] last)
      throws SQLException {
    try (DuckDBPreparedStatement statement =
            connection
                .prepareStatement("SELECT key_id, last_bucket FROM (" + select + ")")
                .unwrap(DuckDBPreparedStatement.class);
        DuckDBChunkedResult result = statement.query()) {
      while (result.nextChunk()) {
        DuckDBReadableVector keys = result.chunk().vector(0);
        DuckDBReadableVector seconds = result.chunk().vector(1);
        for (long row = 0; row < keys.rowCount(); row++) {
          note(last, keys.getInt(row), seconds.getLong(row));
        }
      }
    }
  }

  /** Keys that are newer than the question are no candidates. */
  private static void note(long[] last, int key, long second) {
    if (key < last.length) {
      last[key] = Math.max(last[key], second);
    }
  }

  /** Keys for which the history had no room have other numbers, and are in live streams only. */
  static boolean isKept(Flow flow) {
    return flow.keyNumber() <= Integer.MAX_VALUE;
  }

  private Active untilNow(TimeRange range, IntPredicate filter) {
    int size = dictionary.size();
    int[] lastBuckets = dictionary.columns().last;
    long from = LivePart.archivedAfter(range);
    int[] keys = new int[size];
    long[] last = new long[size];
    int count = 0;
    for (int key = 0; key < size; key++) {
      long second = Buckets.second(lastBuckets[key]);
      if (lastBuckets[key] != Integer.MIN_VALUE
          && second + Buckets.SECONDS > from
          && filter.test(key)) {
        keys[count] = key;
        last[count++] = second;
      }
    }
    return new Active(keys, last, count);
  }

  /**
   * The condition on key_id that asks for some keys; many are put into a table of the connection.
   */
  static String want(DuckDBConnection connection, int[] keys, int size) throws SQLException {
    if (size == 1) {
      return "key_id = " + keys[0];
    }
    if (size <= WRITTEN_OUT) {
      // A text, since the numbers of a list would be parsed and bound one by one.
      StringJoiner list = new StringJoiner(",", "key_id IN (SELECT unnest('[", "]'::INTEGER[]))");
      for (int i = 0; i < size; i++) {
        list.add(Integer.toString(keys[i]));
      }
      return list.toString();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE OR REPLACE TEMP TABLE " + WANTED + " (key_id INTEGER NOT NULL)");
    }
    try (DuckDBAppender rows = connection.createAppender("temp", "main", WANTED)) {
      for (int i = 0; i < size; i++) {
        rows.beginRow();
        rows.append(keys[i]);
        rows.endRow();
      }
    }
    return "key_id IN (SELECT key_id FROM " + WANTED + ")";
  }

  /** Sums of keys on disk, labels included. */
  Map<Integer, Flow> sums(
      DuckDBConnection connection, Layout layout, long from, long to, int[] keys, int size)
      throws SQLException {
    KeySums sums = new KeySums(dictionary);
    if (size > 0) {
      String condition = want(connection, keys, size);
      String select = new RowSql(layout, from, to, condition).select(RowSql.Longest.DAY);
      if (!select.isEmpty()) {
        sums.add(connection, select);
      }
    }
    return sums.flows();
  }

  /** Seven columns from one on. */
  static FlowCounters counters(ResultSet row, int first) throws SQLException {
    return new FlowCounters(
        row.getLong(first),
        row.getLong(first + 1),
        row.getLong(first + 2),
        row.getLong(first + 3),
        row.getLong(first + 4),
        row.getLong(first + 5),
        row.getLong(first + 6));
  }

  /** What {@code string_agg} put together. */
  static List<Integer> numbers(String joined) {
    List<Integer> numbers = new ArrayList<>();
    for (String number : joined.split(",", -1)) {
      numbers.add(Integer.parseInt(number));
    }
    return numbers;
  }
}
