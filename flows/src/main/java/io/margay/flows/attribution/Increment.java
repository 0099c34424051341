package io.margay.flows.attribution;

import io.margay.flows.FlowCounters;

/** What one event adds to a flow. */
public record Increment(
    long packetsIn, long packetsOut, long bytesIn, long bytesOut, long started, long completed) {

  /** As counters; open connections are told apart from events. */
  public FlowCounters counters() {
    return new FlowCounters(packetsIn, packetsOut, bytesIn, bytesOut, started, completed, 0);
  }
}
