package io.margay.flows.query;

/** How finely a graph tells its nodes apart. */
public enum GraphLevel {
  /** Workloads are told by their namespace. */
  NAMESPACE,
  /** Each workload for itself. */
  WORKLOAD,
  /** As workloads, but destinations by the service through which they were reached. */
  SERVICE
}
