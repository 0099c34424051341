package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/**
 * Adds up rows by key as they come from the database. For a page there are few, and adding them up
 * here takes half the time of grouping in SQL, which does not know what labels have in common.
 */
final class KeySums {
  private static final String COLUMNS =
      "key_id, first_bucket, last_bucket, end_second, "
          + Schema.columns()
          + ", live, source_labels, dest_labels";

  private final KeyDictionary dictionary;
  private final Int2ObjectMap<Sum> sums = new Int2ObjectOpenHashMap<>();

  KeySums(KeyDictionary dictionary) {
    this.dictionary = dictionary;
  }

  private static final class Sum {
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long end;
    private final long[] counters = new long[Schema.SUMS.size()];
    private long live;
    private int sourceLabels = -1;
    private int destLabels = -1;
  }

  /**
   * Adds all rows.
   *
   * @param select as {@link RowSql} makes it
   */
  void add(DuckDBConnection connection, String select) throws SQLException {
    // Not prepared: the database would plan it twice, which takes a third of a page's time.
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + COLUMNS + " FROM (" + select + ")")) {
      while (row.next()) {
        add(row);
      }
    }
  }

  private void add(ResultSet row) throws SQLException {
    Sum sum = sums.computeIfAbsent(row.getInt(1), key -> new Sum());
    sum.first = Math.min(sum.first, row.getLong(2));
    sum.end = Math.max(sum.end, row.getLong(4));
    for (int i = 0; i < sum.counters.length; i++) {
      sum.counters[i] += row.getLong(5 + i);
    }
    int next = 5 + sum.counters.length;
    level(sum, row.getLong(3), row.getLong(next));
    sum.sourceLabels = common(sum.sourceLabels, row.getInt(next + 1));
    sum.destLabels = common(sum.destLabels, row.getInt(next + 2));
  }

  /** The level of open connections is that of the last bucket, to which late updates may add. */
  private static void level(Sum sum, long last, long live) {
    if (last > sum.last) {
      sum.last = last;
      sum.live = live;
    } else if (last == sum.last) {
      sum.live += live;
    }
  }

  private int common(int known, int more) {
    return known < 0 ? more : dictionary.commonLabels(known, more);
  }

  Map<Integer, Flow> flows() {
    Map<Integer, Flow> flows = new HashMap<>();
    sums.int2ObjectEntrySet()
        .forEach(sum -> flows.put(sum.getIntKey(), flow(sum.getIntKey(), sum.getValue())));
    return flows;
  }

  private Flow flow(int key, Sum sum) {
    long[] counters = sum.counters;
    return new Flow(
        key,
        dictionary.key(key),
        Instant.ofEpochSecond(sum.first),
        Instant.ofEpochSecond(sum.end),
        Instant.ofEpochSecond(sum.last),
        dictionary.labelSets.get(sum.sourceLabels),
        dictionary.labelSets.get(sum.destLabels),
        new FlowCounters(
            counters[0], counters[1], counters[2], counters[3], counters[4], counters[5], sum.live),
        0);
  }
}
