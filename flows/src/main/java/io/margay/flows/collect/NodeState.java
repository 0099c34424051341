package io.margay.flows.collect;

import io.margay.flows.collect.proto.NodeWire;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of itself.
 *
 * @param programming how long changes took to reach the kernel; null if it tells nothing of that
 * @param tables sizes by name
 * @param dropped counts by reason
 */
public record NodeState(
    String name,
    String version,
    String dataplane,
    @Nullable Programming programming,
    Map<String, Long> tables,
    Map<String, Long> dropped) {
  public NodeState {
    tables = Map.copyOf(tables);
    dropped = Map.copyOf(dropped);
  }

  /** How changes were programmed, since the node's start. */
  public record Programming(
      long changes, long failures, double p50Millis, double p99Millis, double lastMillis) {}

  NodeWire.State wire() {
    NodeWire.State.Builder wire =
        NodeWire.State.newBuilder()
            .setName(name)
            .setVersion(version)
            .setDataplane(dataplane)
            .putAllTables(tables)
            .putAllDropped(dropped);
    if (programming != null) {
      wire.setProgramming(
          NodeWire.Programming.newBuilder()
              .setChanges(programming.changes)
              .setFailures(programming.failures)
              .setP50Millis(programming.p50Millis)
              .setP99Millis(programming.p99Millis)
              .setLastMillis(programming.lastMillis));
    }
    return wire.build();
  }

  static NodeState of(NodeWire.State wire) {
    NodeWire.Programming told = wire.getProgramming();
    return new NodeState(
        wire.getName(),
        wire.getVersion(),
        wire.getDataplane(),
        wire.hasProgramming()
            ? new Programming(
                told.getChanges(),
                told.getFailures(),
                told.getP50Millis(),
                told.getP99Millis(),
                told.getLastMillis())
            : null,
        wire.getTablesMap(),
        wire.getDroppedMap());
  }
}
