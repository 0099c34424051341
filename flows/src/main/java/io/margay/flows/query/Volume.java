package io.margay.flows.query;

import io.margay.flows.FlowCounters;

/**
 * How much, both ways.
 *
 * @param connections that began, or attempts that were denied
 */
public record Volume(long connections, long packets, long bytes) {
  public static final Volume NONE = new Volume(0, 0, 0);

  public static Volume of(FlowCounters counters) {
    return new Volume(
        counters.started(),
        counters.packetsIn() + counters.packetsOut(),
        counters.bytesIn() + counters.bytesOut());
  }

  public Volume plus(Volume other) {
    return new Volume(
        connections + other.connections, packets + other.packets, bytes + other.bytes);
  }
}
