package io.margay.flows.archive;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.StatisticsAnswer;
import io.margay.flows.query.StatisticsQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/**
 * Open connections are levels: of each flow the last one in a step counts, so that they cannot be
 * added up by trace beforehand.
 */
record LevelQuery(Archive archive, LivePart memory) {

  private record KeyAndStep(int key, long step) {}

  /** The last level, and when the flow was first seen in the step. */
  private record Level(long firstBucket, long live) {}

  List<PolicyStatistic> answer(StatisticsQuery query) {
    Map<KeyAndStep, Level> levels = new HashMap<>();
    long from = LivePart.archivedAfter(query.range());
    long to = memory.archivedBefore(query.range());
    if (from < to) {
      archive.read((connection, layout) -> archived(connection, layout, from, to, query, levels));
    }
    for (Flow flow : memory.flows(query.range())) {
      if (!KeyQueries.isKept(flow)) {
        continue;
      }
      long second = flow.start().getEpochSecond();
      KeyAndStep place = new KeyAndStep((int) flow.keyNumber(), query.stepOf(second));
      levels.merge(
          place,
          new Level(second, flow.counters().live()),
          (earlier, later) -> new Level(earlier.firstBucket(), later.live()));
    }
    StatisticsAnswer answer = new StatisticsAnswer(query);
    levels.forEach((place, level) -> {
      FlowKey key = archive.dictionary().key(place.key());
      answer.add(
          key.trace(),
          key.reporter(),
          level.firstBucket(),
          new FlowCounters(0, 0, 0, 0, 0, 0, level.live()));
    });
    return answer.result();
  }

  private static Map<KeyAndStep, Level> archived(
      DuckDBConnection connection,
      Layout layout,
      long from,
      long to,
      StatisticsQuery query,
      Map<KeyAndStep, Level> levels)
      throws SQLException {
    long step = query.step().toSeconds();
    String select = new RowSql(layout, from, to, "").select(RowSql.Longest.inSteps(step));
    if (select.isEmpty()) {
      return levels;
    }
    String at = step == 0 ? "0" : "row_start // " + step + " * " + step;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT key_id, step_start, min(first_bucket), arg_max(live, last_bucket) FROM"
                    + " (SELECT key_id, "
                    + at
                    + " AS step_start, last_bucket, min(first_bucket) AS first_bucket,"
                    + " sum(live)::BIGINT AS live FROM ("
                    + select
                    + ") GROUP BY key_id, step_start, last_bucket) GROUP BY key_id, step_start")) {
      while (row.next()) {
        levels.put(
            new KeyAndStep(row.getInt(1), row.getLong(2)),
            new Level(row.getLong(3), row.getLong(4)));
      }
    }
    return levels;
  }
}
