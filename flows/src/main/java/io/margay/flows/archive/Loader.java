package io.margay.flows.archive;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads back what an earlier process left in the database. */
final class Loader {
  private final Connection connection;
  private final KeyDictionary dictionary;

  Loader(Connection connection, KeyDictionary dictionary) {
    this.connection = connection;
    this.dictionary = dictionary;
  }

  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String sql, Row action) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.read(rows);
      }
    }
  }

  Layout layout() throws SQLException {
    TreeSet<Long> recent = new TreeSet<>();
    tables(Layout.recentStatistics(0).replace("0", ""), hour -> recent.add(Long.parseLong(hour)));
    TreeMap<Long, Integer> days = new TreeMap<>();
    each(
        "SELECT day::VARCHAR, resolution FROM day",
        row -> days.put(LocalDate.parse(row.getString(1)).toEpochDay(), row.getInt(2)));
    TreeSet<Long> summed = new TreeSet<>();
    tables(
        Layout.TOTALS,
        date -> summed.add(LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE).toEpochDay()));
    TreeSet<Long> indexed = new TreeSet<>();
    tables(Layout.INDEX, hour -> indexed.add(Layout.dayOf(Long.parseLong(hour))));
    return new Layout(recent, days, summed, indexed);
  }

  /** Takes what follows a prefix in the names of tables. */
  private void tables(String prefix, Consumer<String> rest) throws SQLException {
    each(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = '"
            + Database.CATALOG
            + "' AND starts_with(table_name, '"
            + prefix
            + "')",
        row -> rest.accept(row.getString(1).substring(prefix.length())));
  }

  Map<Integer, Long> held() throws SQLException {
    Map<Integer, Long> held = new HashMap<>();
    each(
        "SELECT bucket, position FROM held",
        row -> held.put(Math.toIntExact(row.getLong(1) / Buckets.SECONDS), row.getLong(2)));
    return held;
  }

  Map<String, Long> senders() throws SQLException {
    Map<String, Long> senders = new HashMap<>();
    each("SELECT name, sequence FROM sender", row -> senders.put(row.getString(1), row.getLong(2)));
    return senders;
  }

  void keys(Layout layout) throws SQLException {
    each(
        "SELECT id, name, namespace, type FROM peer",
        row ->
            dictionary.peers.put(
                row.getInt(1),
                new FlowPeer(row.getString(2), row.getString(3), peerType(row.getString(4)))));
    each(
        "SELECT id, name, namespace, port_name, port FROM service",
        row ->
            dictionary.services.put(
                row.getInt(1),
                new FlowService(
                    row.getString(2), row.getString(3), row.getString(4), row.getInt(5))));
    each(
        "SELECT id, name FROM process",
        row -> dictionary.processes.put(row.getInt(1), row.getString(2)));
    labels();
    traces();
    each(
        "SELECT id, source_id, dest_id, dest_port, service_id, protocol, reporter, trace_id, dscp,"
            + " process_id FROM flow_key",
        this::key);
    for (long hour : layout.recentHours()) {
      seen("SELECT key_id, min(bucket), max(bucket) FROM " + Layout.recent(hour));
    }
    for (long day : layout.days().keySet()) {
      seen(
          "SELECT key_id, min(first_bucket), max(last_bucket) FROM "
              + (layout.summedDays().contains(day) ? Layout.totals(day) : Layout.hours(day)));
    }
  }

  private void seen(String select) throws SQLException {
    each(
        select + " GROUP BY key_id",
        row ->
            dictionary.seen(
                row.getInt(1),
                Math.toIntExact(row.getLong(2) / Buckets.SECONDS),
                Math.toIntExact(row.getLong(3) / Buckets.SECONDS)));
  }

  private void key(ResultSet row) throws SQLException {
    int service = row.getInt(5);
    if (row.wasNull()) {
      service = KeyDictionary.NONE;
    }
    int source = row.getInt(2);
    int dest = row.getInt(3);
    int trace = row.getInt(8);
    int process = row.getInt(10);
    FlowKey key =
        new FlowKey(
            dictionary.peers.get(source),
            dictionary.peers.get(dest),
            row.getInt(4),
            null,
            new Protocol(row.getInt(6)),
            reporter(row.getInt(7)),
            dictionary.traces.get(trace),
            row.getInt(9),
            dictionary.processes.get(process));
    dictionary.put(row.getInt(1), source, dest, service, trace, process, key);
  }

  private void labels() throws SQLException {
    Map<Integer, List<String>> sets = new HashMap<>();
    each(
        "SELECT set_id, label FROM label ORDER BY set_id, label",
        row -> {
          List<String> set = sets.computeIfAbsent(row.getInt(1), id -> new ArrayList<>());
          String label = row.getString(2);
          if (label != null) { // An empty set has a row too.
            set.add(label);
          }
        });
    sets.forEach((id, set) -> dictionary.labelSets.put(id, List.copyOf(set)));
  }

  private record Stage(int trace, String name) {}

  private void traces() throws SQLException {
    Map<Stage, List<PolicyHit>> hits = new HashMap<>();
    each(
        "SELECT trace_id, stage, kind, tier, namespace, name, action, position, rule_index,"
            + " trigger_kind, trigger_tier, trigger_namespace, trigger_name FROM trace_hit"
            + " ORDER BY trace_id, stage, position",
        row ->
            hits.computeIfAbsent(
                    new Stage(row.getInt(1), row.getString(2)), stage -> new ArrayList<>())
                .add(hit(row)));
    each(
        "SELECT id, action, pending_action FROM trace",
        row -> {
          int id = row.getInt(1);
          dictionary.traces.put(
              id,
              new PolicyTrace(
                  action(row.getString(2)),
                  action(row.getString(3)),
                  hits.getOrDefault(new Stage(id, Flusher.ENFORCED), List.of()),
                  hits.getOrDefault(new Stage(id, Flusher.PENDING), List.of()),
                  hits.getOrDefault(new Stage(id, Flusher.LOGGED), List.of())));
        });
  }

  private static PolicyHit hit(ResultSet row) throws SQLException {
    String trigger = row.getString(10);
    return new PolicyHit(
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        action(row.getString(7)),
        row.getInt(8),
        row.getInt(9),
        trigger == null ? null : trigger(trigger, row));
  }

  private static @Nullable PolicyRef trigger(String kind, ResultSet row) throws SQLException {
    return new PolicyRef(
        Arrays.stream(PolicyKind.values())
            .filter(value -> value.goldmaneName().equals(kind))
            .findFirst()
            .orElseThrow(() -> unknown("policy kind", kind)),
        row.getString(11),
        row.getString(12),
        row.getString(13));
  }

  private static RuleAction action(String text) throws SQLException {
    return Arrays.stream(RuleAction.values())
        .filter(value -> value.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> unknown("action", text));
  }

  private static FlowPeer.Type peerType(String text) throws SQLException {
    return Arrays.stream(FlowPeer.Type.values())
        .filter(value -> value.goldmaneName().equals(text))
        .findFirst()
        .orElseThrow(() -> unknown("peer type", text));
  }

  static Reporter reporter(int number) throws SQLException {
    for (Reporter reporter : Reporter.values()) {
      if (Flusher.number(reporter) == number) {
        return reporter;
      }
    }
    throw unknown("reporter", Integer.toString(number));
  }

  private static SQLException unknown(String what, String text) {
    return new SQLException("the flow history holds the unknown " + what + " \"" + text + "\"");
  }
}
