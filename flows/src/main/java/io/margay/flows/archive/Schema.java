package io.margay.flows.archive;

import java.util.List;

/** The tables. docs/flow-schema.md tells what they mean. */
final class Schema {
  /** Counters of a flow, in the order of {@code FlowCounters}. */
  static final List<String> SUMS =
      List.of("packets_in", "packets_out", "bytes_in", "bytes_out", "started", "completed");

  static final List<String> DICTIONARIES =
      List.of(
          "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS peer (id INTEGER NOT NULL, name VARCHAR NOT NULL,"
              + " namespace VARCHAR NOT NULL, type VARCHAR NOT NULL)",
          "CREATE TABLE IF NOT EXISTS service (id INTEGER NOT NULL, name VARCHAR NOT NULL,"
              + " namespace VARCHAR NOT NULL, port_name VARCHAR NOT NULL, port INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS process (id INTEGER NOT NULL, name VARCHAR NOT NULL)",
          "CREATE TABLE IF NOT EXISTS label (set_id INTEGER NOT NULL, label VARCHAR)",
          "CREATE TABLE IF NOT EXISTS trace (id INTEGER NOT NULL, action VARCHAR NOT NULL,"
              + " pending_action VARCHAR NOT NULL)",
          "CREATE TABLE IF NOT EXISTS trace_hit (trace_id INTEGER NOT NULL,"
              + " stage VARCHAR NOT NULL, position INTEGER NOT NULL, kind VARCHAR NOT NULL,"
              + " tier VARCHAR NOT NULL, namespace VARCHAR NOT NULL, name VARCHAR NOT NULL,"
              + " action VARCHAR NOT NULL, rule_index INTEGER NOT NULL, trigger_kind VARCHAR,"
              + " trigger_tier VARCHAR, trigger_namespace VARCHAR, trigger_name VARCHAR)",
          "CREATE TABLE IF NOT EXISTS flow_key (id INTEGER NOT NULL, source_id INTEGER NOT NULL,"
              + " dest_id INTEGER NOT NULL, dest_port INTEGER NOT NULL, service_id INTEGER,"
              + " protocol INTEGER NOT NULL, reporter TINYINT NOT NULL, trace_id INTEGER NOT NULL,"
              + " dscp INTEGER NOT NULL, process_id INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS day (day DATE NOT NULL, resolution INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS trace_last_used (trace_id INTEGER NOT NULL,"
              + " reporter TINYINT NOT NULL, last_bucket BIGINT NOT NULL)",
          "CREATE TABLE IF NOT EXISTS held (bucket BIGINT NOT NULL, position BIGINT NOT NULL)",
          "CREATE TABLE IF NOT EXISTS sender (name VARCHAR NOT NULL, sequence BIGINT NOT NULL)");

  private static final String COUNTERS =
      " packets_in BIGINT NOT NULL, packets_out BIGINT NOT NULL, bytes_in BIGINT NOT NULL,"
          + " bytes_out BIGINT NOT NULL, started BIGINT NOT NULL, completed BIGINT NOT NULL";

  private Schema() {}

  static String createFacts(String name) {
    return "CREATE TABLE "
        + name
        + " (bucket BIGINT NOT NULL, key_id INTEGER NOT NULL,"
        + COUNTERS
        + ", live BIGINT NOT NULL, source_labels INTEGER NOT NULL, dest_labels INTEGER NOT NULL)";
  }

  static String createHours(String name) {
    return "CREATE TABLE "
        + name
        + " (hour BIGINT NOT NULL, key_id INTEGER NOT NULL, first_bucket BIGINT NOT NULL,"
        + " last_bucket BIGINT NOT NULL, buckets INTEGER NOT NULL,"
        + COUNTERS
        + ", live BIGINT NOT NULL, source_labels INTEGER NOT NULL, dest_labels INTEGER NOT NULL)";
  }

  static String createStatistics(String name) {
    return "CREATE TABLE "
        + name
        + " (slot BIGINT NOT NULL, trace_id INTEGER NOT NULL, reporter TINYINT NOT NULL,"
        + " first_bucket BIGINT NOT NULL, last_bucket BIGINT NOT NULL,"
        + COUNTERS
        + ")";
  }

  /** {@code sum(packets_in) AS packets_in, …}. */
  static String sums() {
    StringBuilder sql = new StringBuilder();
    for (String column : SUMS) {
      sql.append(sql.isEmpty() ? "" : ", ")
          .append("sum(")
          .append(column)
          .append(")::BIGINT AS ")
          .append(column);
    }
    return sql.toString();
  }

  static String columns() {
    return String.join(", ", SUMS);
  }
}
