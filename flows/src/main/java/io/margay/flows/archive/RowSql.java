package io.margay.flows.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Selects flows of a time from all tables that hold some, as rows of one shape: key_id, row_start
 * (the row's start), first_bucket, last_bucket, end_second, the counters, live and labels.
 *
 * @param from in epoch seconds: rows count that end after it
 * @param to rows count that begin before it
 * @param condition on key_id, or empty
 */
record RowSql(Layout layout, long from, long to, String condition) {

  /** The longest time that a row may stand for, if all of it lies in the time that is asked for. */
  enum Longest {
    /** Flows as they are kept. */
    FLOW,
    HOUR,
    DAY;

    /**
     * What fits into steps that begin at multiples of their length.
     *
     * @param seconds 0 for one step that takes everything
     */
    static Longest inSteps(long seconds) {
      return seconds == 0 ? DAY : seconds % Layout.HOUR == 0 ? HOUR : FLOW;
    }
  }

  /**
   * Rows of each key: one for each hour or day that may stand for its flows, else the flows.
   *
   * @return empty if no table has rows of the time
   */
  String select(Longest longest) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<Long, Integer> day : layout.days().entrySet()) {
      day(parts, day.getKey(), day.getValue(), longest);
    }
    for (long hour : layout.recentHours()) {
      if (hour < to && hour + Layout.HOUR > from) {
        parts.add(facts(Layout.recent(hour), Layout.FINE, from, to));
      }
    }
    return String.join(" UNION ALL ", parts);
  }

  private void day(List<String> parts, long day, int resolution, Longest longest) {
    long start = Layout.startOfDay(day);
    long end = Layout.startOfDay(day + 1);
    if (start >= to || end <= from) {
      return;
    }
    if (longest == Longest.DAY && from <= start && to >= end && layout.summedDays().contains(day)) {
      parts.add(sums(Layout.totals(day), "true"));
      return;
    }
    if (resolution == Layout.HOUR) {
      parts.add(sums(Layout.hours(day), "hour > " + (from - Layout.HOUR) + " AND hour < " + to));
      return;
    }
    String facts = Layout.facts(day, resolution);
    long firstHour = Math.max(start, Math.ceilDiv(from, Layout.HOUR) * Layout.HOUR);
    long lastHour = Math.min(end, Math.floorDiv(to, Layout.HOUR) * Layout.HOUR);
    if (longest == Longest.FLOW || firstHour >= lastHour) {
      parts.add(facts(facts, resolution, from, to));
      return;
    }
    parts.add(sums(Layout.hours(day), "hour >= " + firstHour + " AND hour < " + lastHour));
    if (from > start && from < firstHour) {
      parts.add(facts(facts, resolution, from, firstHour));
    }
    if (to < end && to > lastHour) {
      // A row that began before the hour counts there, so this one needs no earlier rows.
      parts.add(facts(facts, resolution, lastHour + resolution - 1L, to));
    }
  }

  private String sums(String table, String when) {
    return "SELECT key_id, hour AS row_start, first_bucket, last_bucket, last_bucket + "
        + Layout.FINE
        + " AS end_second, "
        + Schema.columns()
        + ", live, source_labels, dest_labels FROM "
        + table
        + " WHERE "
        + when
        + and();
  }

  private String facts(String table, int resolution, long after, long before) {
    return "SELECT key_id, bucket AS row_start, bucket AS first_bucket, bucket AS last_bucket, bucket + "
        + resolution
        + " AS end_second, "
        + Schema.columns()
        + ", live, source_labels, dest_labels FROM "
        + table
        + " WHERE bucket > "
        + (after - resolution)
        + " AND bucket < "
        + before
        + and();
  }

  private String and() {
    return condition.isEmpty() ? "" : " AND " + condition;
  }
}
