package io.margay.flows.collect;

import io.margay.flows.collect.proto.NodeWire;
import java.util.List;
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

  /**
   * How changes were programmed, since the node's start.
   *
   * @param times how many changes took how long
   * @param totalSeconds of all changes together
   */
  public record Programming(
      long changes,
      long failures,
      double p50Millis,
      double p99Millis,
      double lastMillis,
      List<TimeBucket> times,
      double totalSeconds) {
    public Programming {
      times = List.copyOf(times);
    }

    NodeWire.Programming wire() {
      return NodeWire.Programming.newBuilder()
          .setChanges(changes)
          .setFailures(failures)
          .setP50Millis(p50Millis)
          .setP99Millis(p99Millis)
          .setLastMillis(lastMillis)
          .addAllTimes(times.stream().map(TimeBucket::wire).toList())
          .setTotalSeconds(totalSeconds)
          .build();
    }

    static Programming of(NodeWire.Programming wire) {
      return new Programming(
          wire.getChanges(),
          wire.getFailures(),
          wire.getP50Millis(),
          wire.getP99Millis(),
          wire.getLastMillis(),
          wire.getTimesList().stream().map(TimeBucket::of).toList(),
          wire.getTotalSeconds());
    }
  }

  /** How many changes took longer than the limit before, and at most this one. */
  public record TimeBucket(double upToSeconds, long changes) {
    NodeWire.TimeBucket wire() {
      return NodeWire.TimeBucket.newBuilder()
          .setUpToSeconds(upToSeconds)
          .setChanges(changes)
          .build();
    }

    static TimeBucket of(NodeWire.TimeBucket wire) {
      return new TimeBucket(wire.getUpToSeconds(), wire.getChanges());
    }
  }

  NodeWire.State wire() {
    NodeWire.State.Builder wire =
        NodeWire.State.newBuilder()
            .setName(name)
            .setVersion(version)
            .setDataplane(dataplane)
            .putAllTables(tables)
            .putAllDropped(dropped);
    if (programming != null) {
      wire.setProgramming(programming.wire());
    }
    return wire.build();
  }

  static NodeState of(NodeWire.State wire) {
    return new NodeState(
        wire.getName(),
        wire.getVersion(),
        wire.getDataplane(),
        wire.hasProgramming() ? Programming.of(wire.getProgramming()) : null,
        wire.getTablesMap(),
        wire.getDroppedMap());
  }
}
