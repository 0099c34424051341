package io.margay.flows.query;

/** What a statistic is told for. */
public enum StatisticsGroup {
  POLICY,
  POLICY_RULE
}
