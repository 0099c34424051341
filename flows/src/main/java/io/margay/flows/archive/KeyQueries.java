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
  private static final String WANTED = "wanted";

  /** Up to so many keys are written into the question itself. */
  private static final int WRITTEN_OUT = 500;

  private final KeyDictionary dictionary;

  KeyQueries(KeyDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Keys with, for each, the start of its last bucket in the range, in epoch seconds. */
  record Active(int[] keys, long[] last, int size) {
    private static Active ofCapacity(int capacity) {
      return new Active(new int[capacity], new long[capacity], 0);
    }

    private Active with(int key, long second) {
      keys[size] = key;
      last[size] = second;
      return new Active(keys, last, size + 1);
    }
  }

  /** Which keys had flows. Where the range reaches up to now, memory knows it. */
  Active active(Archive archive, LivePart live, TimeRange range, IntPredicate filter) {
    long newest = Buckets.second(Math.max(0, dictionary.newestBucket()));
    if (range.toSecondOr(LivePart.FOREVER) > newest) {
      return untilNow(range, filter);
    }
    Map<Integer, Long> last = new HashMap<>();
    String rows = "SELECT key_id, max(last_bucket) FROM (%s) GROUP BY key_id";
    archive.read((connection, layout) -> {
      String select =
          new RowSql(layout, LivePart.archivedAfter(range), live.archivedBefore(range), "")
              .select(true);
      if (!select.isEmpty()) {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(rows.formatted(select))) {
          while (row.next()) {
            if (filter.test(row.getInt(1))) {
              last.put(row.getInt(1), row.getLong(2));
            }
          }
        }
      }
      return last;
    });
    for (Flow flow : live.flows(range)) {
      int key = (int) flow.keyNumber();
      if (isKept(flow) && filter.test(key)) {
        last.merge(key, flow.bucket().getEpochSecond(), Math::max);
      }
    }
    Active active = Active.ofCapacity(last.size());
    for (Map.Entry<Integer, Long> entry : last.entrySet()) {
      active = active.with(entry.getKey(), entry.getValue());
    }
    return active;
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
