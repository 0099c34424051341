package io.margay.flows.archive;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.archive.Dictionary.Numbered;
import io.margay.model.verdict.PolicyRef;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes closed buckets in one transaction, with all that they refer to, so that the database makes
 * sense whenever the process ends.
 */
final class Flusher {
  static final String ENFORCED = "enforced";
  static final String PENDING = "pending";
  static final String LOGGED = "log";

  private final KeyDictionary dictionary;
  private Written written = new Written(0, 0, 0, 0, 0, 0);

  /** How much of each dictionary is in the database. */
  record Written(int peers, int services, int traces, int processes, int labels, int keys) {}

  Flusher(KeyDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Takes what is in the dictionary for written. */
  void loaded() {
    written = now();
  }

  Written written() {
    return written;
  }

  /** Takes back to an earlier state what a transaction that failed had written. */
  void restore(Written earlier) {
    written = earlier;
  }

  private Written now() {
    // Keys first: what they refer to is there before them.
    int keys = dictionary.size();
    return new Written(
        dictionary.peers.size(),
        dictionary.services.size(),
        dictionary.traces.size(),
        dictionary.processes.size(),
        dictionary.labelSets.size(),
        keys);
  }

  /**
   * What is written together.
   *
   * @param position of the journal up to which these buckets are summed up
   * @param inJournal every bucket of which something is in the journal
   * @param senders with their last number that is in the journal or the database
   */
  record Flush(
      List<FlowSums> buckets, long position, Set<Integer> inJournal, Map<String, Long> senders) {}

  /**
   * Writes, and returns the tables that there are now. On an exception nothing is written.
   *
   * @param held for each bucket in the journal the position up to which the database will hold it
   */
  Layout write(
      DuckDBConnection connection,
      List<FlowSums> buckets,
      Map<Integer, Long> held,
      Map<String, Long> senders,
      Layout layout)
      throws SQLException {
    Written then = now();
    Layout result = layout;
    Database.begin(connection);
    try (Statement statement = connection.createStatement()) {
      dictionaries(connection, then);
      for (FlowSums bucket : buckets) {
        long hour = Layout.hourOf(Buckets.second(bucket.bucket));
        if (!result.recentHours().contains(hour)) {
          statement.execute(Schema.createFacts(Layout.recent(hour)));
          statement.execute(Schema.createStatistics(Layout.recentStatistics(hour)));
          result = result.withRecent(hour);
        }
        facts(connection, hour, bucket);
        statistics(connection, hour, bucket);
      }
      statement.execute("DELETE FROM held");
      statement.execute("DELETE FROM sender");
      marks(connection, held, senders);
      Database.commit(connection);
      written = then;
      return result;
    } catch (SQLException e) {
      Database.rollBack(connection, e);
      throw e;
    }
  }

  static DuckDBAppender appender(DuckDBConnection connection, String table) throws SQLException {
    return connection.createAppender(Database.CATALOG, "main", table);
  }

  private static void facts(DuckDBConnection connection, long hour, FlowSums bucket)
      throws SQLException {
    long second = Buckets.second(bucket.bucket);
    try (DuckDBAppender rows = appender(connection, Layout.recent(hour))) {
      for (int place = 0; place < bucket.size(); place++) {
        rows.beginRow();
        rows.append(second);
        rows.append(bucket.key(place));
        FlowCounters counters = bucket.counters(place);
        append(rows, counters);
        rows.append(counters.live());
        rows.append(bucket.sourceLabels(place));
        rows.append(bucket.destLabels(place));
        rows.endRow();
      }
    }
  }

  private static void append(DuckDBAppender rows, FlowCounters counters) throws SQLException {
    rows.append(counters.packetsIn());
    rows.append(counters.packetsOut());
    rows.append(counters.bytesIn());
    rows.append(counters.bytesOut());
    rows.append(counters.started());
    rows.append(counters.completed());
  }

  /** As the database writes it. */
  static byte number(Reporter reporter) {
    return switch (reporter) {
      case SOURCE -> 0;
      case DESTINATION -> 1;
    };
  }

  private record TraceEnd(int trace, Reporter reporter) {}

  private void statistics(DuckDBConnection connection, long hour, FlowSums bucket)
      throws SQLException {
    Map<TraceEnd, FlowCounters> sums = new HashMap<>();
    int[] traces = dictionary.columns().trace;
    for (int place = 0; place < bucket.size(); place++) {
      int key = bucket.key(place);
      TraceEnd end = new TraceEnd(traces[key], dictionary.key(key).reporter());
      sums.merge(end, bucket.counters(place), FlowCounters::plusLater);
    }
    long second = Buckets.second(bucket.bucket);
    try (DuckDBAppender rows = appender(connection, Layout.recentStatistics(hour))) {
      for (Map.Entry<TraceEnd, FlowCounters> sum : sums.entrySet()) {
        rows.beginRow();
        rows.append(second);
        rows.append(sum.getKey().trace());
        rows.append(number(sum.getKey().reporter()));
        rows.append(second);
        rows.append(second);
        append(rows, sum.getValue());
        rows.endRow();
      }
    }
  }

  private static void marks(
      DuckDBConnection connection, Map<Integer, Long> held, Map<String, Long> senders)
      throws SQLException {
    try (DuckDBAppender rows = appender(connection, "held")) {
      for (Map.Entry<Integer, Long> mark : held.entrySet()) {
        rows.beginRow();
        rows.append(Buckets.second(mark.getKey()));
        rows.append(mark.getValue().longValue());
        rows.endRow();
      }
    }
    try (DuckDBAppender rows = appender(connection, "sender")) {
      for (Map.Entry<String, Long> sender : senders.entrySet()) {
        rows.beginRow();
        rows.append(sender.getKey());
        rows.append(sender.getValue().longValue());
        rows.endRow();
      }
    }
  }

  /** Writes label sets that a roll-up came upon. */
  void writeNew(DuckDBConnection connection) throws SQLException {
    Written then = now();
    dictionaries(connection, then);
    written = then;
  }

  private void dictionaries(DuckDBConnection connection, Written then) throws SQLException {
    try (DuckDBAppender rows = appender(connection, "peer")) {
      for (Numbered<FlowPeer> peer : dictionary.peers.from(written.peers(), then.peers())) {
        rows.beginRow();
        rows.append(peer.number());
        rows.append(peer.value().name());
        rows.append(peer.value().namespace());
        rows.append(peer.value().type().goldmaneName());
        rows.endRow();
      }
    }
    try (DuckDBAppender rows = appender(connection, "service")) {
      for (Numbered<FlowService> service :
          dictionary.services.from(written.services(), then.services())) {
        rows.beginRow();
        rows.append(service.number());
        rows.append(service.value().name());
        rows.append(service.value().namespace());
        rows.append(service.value().portName());
        rows.append(service.value().port());
        rows.endRow();
      }
    }
    try (DuckDBAppender rows = appender(connection, "process")) {
      for (Numbered<String> process :
          dictionary.processes.from(written.processes(), then.processes())) {
        rows.beginRow();
        rows.append(process.number());
        rows.append(process.value());
        rows.endRow();
      }
    }
    try (DuckDBAppender rows = appender(connection, "label")) {
      for (Numbered<List<String>> set :
          dictionary.labelSets.from(written.labels(), then.labels())) {
        labels(rows, set);
      }
    }
    traces(connection, then);
    try (DuckDBAppender rows = appender(connection, "flow_key")) {
      KeyDictionary.Columns columns = dictionary.columns();
      for (int number = written.keys(); number < then.keys(); number++) {
        key(rows, number, columns);
      }
    }
  }

  private static void labels(DuckDBAppender rows, Numbered<List<String>> set) throws SQLException {
    if (set.value().isEmpty()) {
      rows.beginRow();
      rows.append(set.number());
      rows.appendNull();
      rows.endRow();
    }
    for (String label : set.value()) {
      rows.beginRow();
      rows.append(set.number());
      rows.append(label);
      rows.endRow();
    }
  }

  private void traces(DuckDBConnection connection, Written then) throws SQLException {
    List<Numbered<PolicyTrace>> traces = dictionary.traces.from(written.traces(), then.traces());
    try (DuckDBAppender rows = appender(connection, "trace")) {
      for (Numbered<PolicyTrace> trace : traces) {
        rows.beginRow();
        rows.append(trace.number());
        rows.append(trace.value().action().toString());
        rows.append(trace.value().pendingAction().toString());
        rows.endRow();
      }
    }
    try (DuckDBAppender rows = appender(connection, "trace_hit")) {
      for (Numbered<PolicyTrace> trace : traces) {
        hits(rows, trace.number(), ENFORCED, trace.value().enforced());
        hits(rows, trace.number(), PENDING, trace.value().pending());
        hits(rows, trace.number(), LOGGED, trace.value().logs());
      }
    }
  }

  private static void hits(DuckDBAppender rows, int trace, String stage, List<PolicyHit> hits)
      throws SQLException {
    for (PolicyHit hit : hits) {
      rows.beginRow();
      rows.append(trace);
      rows.append(stage);
      rows.append(hit.policyIndex());
      rows.append(hit.kind());
      rows.append(hit.tier());
      rows.append(hit.namespace());
      rows.append(hit.name());
      rows.append(hit.action().toString());
      rows.append(hit.ruleIndex());
      PolicyRef trigger = hit.trigger();
      rows.append(trigger == null ? null : trigger.kind().goldmaneName());
      rows.append(trigger == null ? null : trigger.tier());
      rows.append(trigger == null ? null : trigger.namespace());
      rows.append(trigger == null ? null : trigger.name());
      rows.endRow();
    }
  }

  private void key(DuckDBAppender rows, int number, KeyDictionary.Columns columns)
      throws SQLException {
    FlowKey key = dictionary.key(number);
    rows.beginRow();
    rows.append(number);
    rows.append(columns.source[number]);
    rows.append(columns.dest[number]);
    rows.append(key.destPort());
    int service = dictionary.serviceOf(key);
    if (service == KeyDictionary.NONE) {
      rows.appendNull();
    } else {
      rows.append(service);
    }
    rows.append(key.protocol().number());
    rows.append(number(key.reporter()));
    rows.append(columns.trace[number]);
    rows.append(key.dscp());
    rows.append(dictionary.processes.numberOf(key.process()));
    rows.endRow();
  }
}
