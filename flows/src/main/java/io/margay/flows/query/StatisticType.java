package io.margay.flows.query;

/** What a statistic counts. */
public enum StatisticType {
  PACKETS,
  BYTES,
  /** Connections that are open: of each flow its last known level in the range or step. */
  LIVE_CONNECTIONS
}
