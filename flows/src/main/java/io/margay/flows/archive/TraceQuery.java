package io.margay.flows.archive;

import io.margay.flows.FlowCounters;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/**
 * Sums by trace, reporter and step of time. Whole five minutes come from the tables of statistics,
 * which are small; what a range cuts off at its ends comes from flows.
 *
 * @param from in epoch seconds: rows count that end after it
 * @param to rows count that begin before it
 * @param step in seconds; 0 for totals
 * @param origin where a step begins
 */
record TraceQuery(long from, long to, long step, long origin) {

  /**
   * What flows of one trace did in a step.
   *
   * @param at the start of the step; 0 for totals
   */
  record Sum(
      PolicyTrace trace,
      Reporter reporter,
      long at,
      long firstBucket,
      long lastBucket,
      FlowCounters counters) {}

  List<Sum> sums(DuckDBConnection connection, Layout layout, KeyDictionary dictionary)
      throws SQLException {
    List<Sum> sums = new ArrayList<>();
    String select = select(layout);
    if (select.isEmpty()) {
      return sums;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT trace_id, reporter, "
                    + at()
                    + " AS step_start, min(first_bucket), max(last_bucket), "
                    + Schema.sums()
                    + ", 0 AS live FROM ("
                    + select
                    + ") GROUP BY trace_id, reporter, step_start")) {
      while (row.next()) {
        sums.add(
            new Sum(
                dictionary.traces.get(row.getInt(1)),
                Loader.reporter(row.getInt(2)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                KeyQueries.counters(row, 6)));
      }
    }
    return sums;
  }

  /** A trace whose days are not kept any more, and its last bucket, in epoch seconds. */
  record LastUse(PolicyTrace trace, Reporter reporter, long bucket) {}

  /** When traces of days that are gone were seen last, in this query's time. */
  List<LastUse> lastUses(DuckDBConnection connection, KeyDictionary dictionary)
      throws SQLException {
    List<LastUse> uses = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT trace_id, reporter, last_bucket FROM trace_last_used WHERE last_bucket > "
                    + (from - Buckets.SECONDS)
                    + " AND last_bucket < "
                    + to)) {
      while (row.next()) {
        uses.add(
            new LastUse(
                dictionary.traces.get(row.getInt(1)),
                Loader.reporter(row.getInt(2)),
                row.getLong(3)));
      }
    }
    return uses;
  }

  private String at() {
    return step == 0 ? "0" : "(slot - " + origin + ") // " + step + " * " + step + " + " + origin;
  }

  private String select(Layout layout) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<Long, Integer> day : layout.days().entrySet()) {
      day(parts, day.getKey(), day.getValue());
    }
    for (long hour : layout.recentHours()) {
      if (hour < to && hour + Layout.HOUR > from) {
        parts.add(slots(Layout.recentStatistics(hour), from - Buckets.SECONDS + 1, to));
      }
    }
    return String.join(" UNION ALL ", parts);
  }

  private void day(List<String> parts, long day, int resolution) {
    long start = Layout.startOfDay(day);
    long end = Layout.startOfDay(day + 1);
    if (start >= to || end <= from) {
      return;
    }
    int slot = Layout.statisticsResolution(resolution);
    String statistics = Layout.statistics(day, resolution);
    if (resolution >= slot) {
      parts.add(slots(statistics, from - slot + 1, to));
      return;
    }
    String facts = Layout.facts(day, resolution);
    long first = Math.max(start, Math.ceilDiv(from, slot) * slot);
    long last = Math.min(end, Math.floorDiv(to, slot) * slot);
    boolean stepsAreOfSlots = step % slot == 0 && origin % slot == 0;
    if (!stepsAreOfSlots || first >= last) {
      parts.add(flows(facts, from - resolution + 1, to));
      return;
    }
    parts.add(slots(statistics, first, last));
    if (from > start && from < first) {
      parts.add(flows(facts, from - resolution + 1, first));
    }
    if (to < end && to > last) {
      parts.add(flows(facts, last, to));
    }
  }

  private static String slots(String table, long first, long before) {
    return "SELECT trace_id, reporter, slot, first_bucket, last_bucket, "
        + Schema.columns()
        + " FROM "
        + table
        + " WHERE slot >= "
        + first
        + " AND slot < "
        + before;
  }

  private static String flows(String table, long first, long before) {
    return "SELECT k.trace_id, k.reporter, bucket AS slot, bucket AS first_bucket,"
        + " bucket AS last_bucket, "
        + Schema.columns()
        + " FROM "
        + table
        + " JOIN flow_key AS k ON k.id = key_id WHERE bucket >= "
        + first
        + " AND bucket < "
        + before;
  }
}
