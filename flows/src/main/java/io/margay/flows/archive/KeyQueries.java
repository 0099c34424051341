package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.query.TimeRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Questions about keys: which had flows in a range, and how much. */
final class KeyQueries {
  /** A table of the connection with the keys that are asked for. */
  /** Of more keys than this all rows are read, and the others left out here. */
  static final int FEW = 2_000;

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
    archive.read((connection, layout) -> {
      String condition =
          candidates.size() > FEW ? "" : want(connection, candidates.keys(), candidates.size());
      String select =
          new RowSql(layout, LivePart.archivedAfter(range), live.archivedBefore(range), condition)
              .select(true);
      if (!select.isEmpty()) {
        try (Statement statement = connection.createStatement();
            ResultSet row =
                statement.executeQuery(
                    "SELECT key_id, max(last_bucket) FROM (" + select + ") GROUP BY key_id")) {
          while (row.next()) {
            note(last, row.getInt(1), row.getLong(2));
          }
        }
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
      StringJoiner list = new StringJoiner(", ", "key_id IN (SELECT unnest([", "]))");
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
    Map<Integer, Flow> flows = new HashMap<>();
    if (size == 0) {
      return flows;
    }
    String select = new RowSql(layout, from, to, want(connection, keys, size)).select(true);
    if (select.isEmpty()) {
      return flows;
    }
    Map<Integer, Row> mixed = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sumsByKey(select))) {
      while (row.next()) {
        Row sum = row(row);
        if (sum.hasMixedLabels()) {
          mixed.put(sum.key(), sum);
        } else {
          flows.put(sum.key(), flow(sum, sum.sourceLabels(), sum.destLabels()));
        }
      }
    }
    if (!mixed.isEmpty()) {
      commonLabels(connection, select, mixed, flows);
    }
    return flows;
  }

  /** The level of open connections is that of the last bucket, to which late updates may add. */
  private static String sumsByKey(String select) {
    return "SELECT key_id, min(first_bucket), max(last_bucket), max(end_second), "
        + Schema.sums()
        + ", arg_max(live, last_bucket), min(least_source), max(greatest_source),"
        + " min(least_dest), max(greatest_dest) FROM (SELECT key_id, last_bucket,"
        + " min(first_bucket) AS first_bucket, max(end_second) AS end_second, "
        + Schema.sums()
        + ", sum(live)::BIGINT AS live, min(source_labels) AS least_source,"
        + " max(source_labels) AS greatest_source, min(dest_labels) AS least_dest,"
        + " max(dest_labels) AS greatest_dest FROM ("
        + select
        + ") GROUP BY key_id, last_bucket) GROUP BY key_id";
  }

  private record Row(
      int key,
      long first,
      long last,
      long end,
      FlowCounters counters,
      int sourceLabels,
      int greatestSource,
      int destLabels,
      int greatestDest) {
    boolean hasMixedLabels() {
      return sourceLabels != greatestSource || destLabels != greatestDest;
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getInt(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        counters(row, 5),
        row.getInt(12),
        row.getInt(13),
        row.getInt(14),
        row.getInt(15));
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

  private Flow flow(Row row, int sourceLabels, int destLabels) {
    return new Flow(
        row.key(),
        dictionary.key(row.key()),
        Instant.ofEpochSecond(row.first()),
        Instant.ofEpochSecond(row.end()),
        Instant.ofEpochSecond(row.last()),
        dictionary.labelSets.get(sourceLabels),
        dictionary.labelSets.get(destLabels),
        row.counters(),
        0);
  }

  private void commonLabels(
      DuckDBConnection connection, String select, Map<Integer, Row> mixed, Map<Integer, Flow> flows)
      throws SQLException {
    StringBuilder keys = new StringBuilder();
    mixed.keySet().forEach(key -> keys.append(keys.isEmpty() ? "" : ", ").append(key));
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT key_id, string_agg(DISTINCT source_labels, ','),"
                    + " string_agg(DISTINCT dest_labels, ',') FROM ("
                    + select
                    + ") WHERE key_id IN ("
                    + keys
                    + ") GROUP BY key_id")) {
      while (row.next()) {
        Row sum = mixed.get(row.getInt(1));
        if (sum != null) {
          int source = dictionary.commonLabels(numbers(row.getString(2)));
          int dest = dictionary.commonLabels(numbers(row.getString(3)));
          flows.put(sum.key(), flow(sum, source, dest));
        }
      }
    }
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
