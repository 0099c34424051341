package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.query.FlowCursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Walks from a place back in time, hour by hour, until enough records are found. Where few keys are
 * asked for, it looks up first how far to go.
 */
final class RecordQuery {
  /** So few keys have few records even in a week. */
  private static final int SINGLE = 10;

  private final KeyDictionary dictionary;
  private final DuckDBConnection connection;
  private final Layout layout;
  private final long from;
  private final long to;
  private final IntPredicate filter;
  private final String condition;
  private final int keys;
  private final int wanted;
  private final List<Flow> found = new ArrayList<>();
  private FlowCursor cursor;

  /**
   * @param from in epoch seconds: records count that end after it
   * @param to records count that begin before it
   * @param condition that SQL can test, or empty where only the filter can
   * @param keys how many the condition asks for
   * @param wanted how many records
   */
  RecordQuery(
      KeyDictionary dictionary,
      DuckDBConnection connection,
      Layout layout,
      long from,
      long to,
      IntPredicate filter,
      String condition,
      int keys,
      FlowCursor cursor,
      int wanted) {
    this.dictionary = dictionary;
    this.connection = connection;
    this.layout = layout;
    this.from = from;
    this.to = to;
    this.filter = filter;
    this.condition = condition;
    this.keys = keys;
    this.cursor = cursor;
    this.wanted = wanted;
  }

  /** A record as it is on disk, perhaps in parts. */
  private record Row(
      int key, long at, long last, long end, FlowCounters counters, int source, int dest) {}

  List<Flow> find() throws SQLException {
    List<Long> hours = List.copyOf(hours().descendingSet());
    int first = 0;
    while (first < hours.size() && found.size() < wanted) {
      int end = condition.isEmpty() ? first + 1 : enough(hours, first);
      boolean more = true;
      while (more && found.size() < wanted) {
        more = readSome(hours.get(end - 1), hours.get(first) + Layout.HOUR);
      }
      first = end;
    }
    return found.subList(0, Math.min(wanted, found.size()));
  }

  /** Hours that may have records behind the cursor. */
  private NavigableSet<Long> hours() {
    TreeSet<Long> hours = new TreeSet<>();
    for (long hour : layout.recentHours()) {
      add(hours, hour);
    }
    for (long day : layout.days().keySet()) {
      for (int hour = 0; hour < 24; hour++) {
        add(hours, Layout.startOfDay(day) + (long) hour * Layout.HOUR);
      }
    }
    return hours;
  }

  private void add(TreeSet<Long> hours, long hour) {
    if (hour < to && hour + Layout.HOUR > from && hour <= cursor.bucketSecond()) {
      hours.add(hour);
    }
  }

  /**
   * How far to read to find enough records, as the sums of hours tell how many there are: reading
   * hour by hour would cost more than all the rest where few keys are asked for.
   */
  private int enough(List<Long> hours, int first) throws SQLException {
    Map<Long, Long> records = new HashMap<>();
    int counted = first;
    int together = keys <= SINGLE ? 7 * 24 : 2;
    long expected = 0;
    int end = first;
    while (end < hours.size() && expected < wanted - found.size()) {
      if (end == counted) {
        counted = Math.min(hours.size(), end + together);
        count(hours.get(counted - 1), hours.get(end), records);
        together *= 4;
      }
      long hour = hours.get(end++);
      // Nobody has counted a recent hour: it is read by itself.
      expected += layout.recentHours().contains(hour) ? wanted : records.getOrDefault(hour, 0L);
    }
    return end;
  }

  /** At least so many records have the keys in the hours from one to another, both included. */
  private void count(long oldest, long newest, Map<Long, Long> records) throws SQLException {
    List<String> days = new ArrayList<>();
    layout
        .days()
        .subMap(Layout.dayOf(oldest), true, Layout.dayOf(newest), true)
        .forEach((day, resolution) -> {
          int buckets = resolution / Layout.FINE;
          days.add(
              "SELECT hour, sum((buckets + "
                  + (buckets - 1)
                  + ") // "
                  + buckets
                  + ")::BIGINT FROM "
                  + Layout.hours(day)
                  + " WHERE hour >= "
                  + oldest
                  + " AND hour <= "
                  + newest
                  + " AND "
                  + condition
                  + " GROUP BY hour");
        });
    if (days.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(String.join(" UNION ALL ", days))) {
      while (row.next()) {
        records.put(row.getLong(1), row.getLong(2));
      }
    }
  }

  /** Reads on behind the cursor in some hours, and returns whether there may be more in them. */
  private boolean readSome(long start, long end) throws SQLException {
    long limit = Math.max(200, 2L * wanted) * (condition.isEmpty() ? 8 : 1);
    String select =
        new RowSql(layout, Math.max(from, start), Math.min(to, end), condition)
            .select(RowSql.Longest.FLOW);
    if (select.isEmpty()) {
      return false;
    }
    List<Row> group = new ArrayList<>();
    long read = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT key_id, row_start, last_bucket, end_second, "
                    + Schema.columns()
                    + ", live, source_labels, dest_labels FROM ("
                    + select
                    + ") WHERE row_start >= "
                    + start
                    + behind()
                    + " ORDER BY row_start DESC, key_id DESC LIMIT "
                    + limit)) {
      while (row.next()) {
        read++;
        Row next = row(row);
        if (!group.isEmpty() && !isSame(group.getFirst(), next)) {
          take(group);
          group.clear();
        }
        group.add(next);
      }
    }
    if (group.isEmpty()) {
      return false;
    }
    boolean mayBeMore = read == limit;
    Row last = group.getFirst();
    if (!mayBeMore || isAlone(group, read)) {
      take(group);
    }
    FlowCursor place =
        mayBeMore && !isAlone(group, read)
            ? new FlowCursor(last.at(), last.key() + 1L) // Its other parts were not read yet.
            : new FlowCursor(last.at(), last.key());
    cursor = place;
    return mayBeMore;
  }

  /** A record in more parts than are read at a time would never end. */
  private static boolean isAlone(List<Row> group, long read) {
    return group.size() == read;
  }

  private static boolean isSame(Row one, Row other) {
    return one.key() == other.key() && one.at() == other.at();
  }

  private String behind() {
    if (cursor.equals(FlowCursor.NEWEST)) {
      return "";
    }
    return " AND (row_start < "
        + cursor.bucketSecond()
        + " OR (row_start = "
        + cursor.bucketSecond()
        + " AND key_id < "
        + cursor.keyNumber()
        + "))";
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getInt(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        KeyQueries.counters(row, 5),
        row.getInt(12),
        row.getInt(13));
  }

  private void take(List<Row> parts) {
    Row first = parts.getFirst();
    if (!filter.test(first.key())) {
      return;
    }
    int source = first.source();
    int dest = first.dest();
    FlowCounters counters = first.counters();
    for (Row more : parts.subList(1, parts.size())) {
      source = dictionary.commonLabels(source, more.source());
      dest = dictionary.commonLabels(dest, more.dest());
      long live = counters.live() + more.counters().live();
      counters = withLive(counters.plusLater(more.counters()), live);
    }
    found.add(
        new Flow(
            first.key(),
            dictionary.key(first.key()),
            Instant.ofEpochSecond(first.at()),
            Instant.ofEpochSecond(first.end()),
            Instant.ofEpochSecond(first.at()),
            dictionary.labelSets.get(source),
            dictionary.labelSets.get(dest),
            counters,
            0));
  }

  private static FlowCounters withLive(FlowCounters counters, long live) {
    return new FlowCounters(
        counters.packetsIn(),
        counters.packetsOut(),
        counters.bytesIn(),
        counters.bytesOut(),
        counters.started(),
        counters.completed(),
        live);
  }

  /** Where the page after some records begins; null if these are all. */
  static @Nullable FlowCursor next(List<Flow> records, int size) {
    if (records.size() <= size) {
      return null;
    }
    Flow last = records.get(size - 1);
    return new FlowCursor(last.bucket().getEpochSecond(), last.keyNumber());
  }
}
