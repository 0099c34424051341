package io.margay.dataplane.events;

import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.TrackedConnection;
import io.margay.kernel.conntrack.TrackedConnection.Counters;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Totals of tracked connections as differences. Connections end by events; the others are seen in
 * dumps. A dump that was taken while a connection ended may still have it, so the ones that ended
 * since the dump began are remembered until it has been read.
 */
final class ConnectionCounters {
  private final String node;
  private final NodeTables tables;
  private final IntUnaryOperator idOfMark;
  private final Consumer<FlowEvent> sink;
  private final Clock clock;
  private final Map<Key, Totals> reported = new HashMap<>();
  private final Set<Key> endedDuringDump = new HashSet<>();

  private record Key(int id, ConnectionTuple original) {}

  private record Totals(Traffic in, Traffic out) {
    static final Totals NONE = new Totals(Traffic.NONE, Traffic.NONE);
  }

  ConnectionCounters(
      String node,
      NodeTables tables,
      IntUnaryOperator idOfMark,
      Consumer<FlowEvent> sink,
      Clock clock) {
    this.node = node;
    this.tables = tables;
    this.idOfMark = idOfMark;
    this.sink = sink;
    this.clock = clock;
  }

  /** To be called before a dump is asked for. */
  synchronized void dumpBegins() {
    endedDuringDump.clear();
  }

  /** All connections there are. */
  synchronized void dumped(List<TrackedConnection> connections) {
    Set<Key> alive = HashSet.newHashSet(connections.size());
    for (TrackedConnection connection : connections) {
      Key key = key(connection);
      alive.add(key);
      if (!endedDuringDump.contains(key)) {
        report(connection, key, false);
      }
    }
    // Ends whose events were lost: what they would have said is not known.
    reported.keySet().retainAll(alive);
  }

  synchronized void ended(TrackedConnection connection) {
    Key key = key(connection);
    report(connection, key, true);
    reported.remove(key);
    endedDuringDump.add(key);
  }

  private void report(TrackedConnection connection, Key key, boolean ended) {
    int id = idOfMark.applyAsInt(connection.mark());
    Outcome outcome = id == 0 ? null : tables.outcome(id);
    if (outcome == null) {
      return; // not ours: no policy of this node has judged it
    }
    Totals before = reported.getOrDefault(key, Totals.NONE);
    Totals now = new Totals(traffic(connection.sent()), traffic(connection.received()));
    Traffic in = difference(now.in, before.in);
    Traffic out = difference(now.out, before.out);
    reported.put(key, now);
    if (!ended && in.packets() == 0 && out.packets() == 0) {
      return;
    }
    Packet packet = Packets.of(connection);
    boolean fromPod = tables.isWorkload(packet.source());
    boolean toPod = tables.isWorkload(packet.destination());
    if (fromPod && toPod) {
      // Two endpoints judged it and the mark keeps one: the destination's.
      Outcome egress = tables.egressOutcome(packet);
      if (egress != null) {
        emit(packet, Direction.EGRESS, egress, in, out, ended);
      }
      emit(packet, Direction.INGRESS, outcome, in, out, ended);
    } else if (fromPod || (!toPod && tables.isHost(packet.source()))) {
      emit(packet, Direction.EGRESS, outcome, in, out, ended);
    } else if (toPod || tables.isHost(packet.destination())) {
      emit(packet, Direction.INGRESS, outcome, in, out, ended);
    }
  }

  private void emit(
      Packet packet, Direction direction, Outcome outcome, Traffic in, Traffic out, boolean ended) {
    sink.accept(
        new FlowEvent.Counted(clock.instant(), node, packet, direction, outcome, in, out, ended));
  }

  private static Key key(TrackedConnection connection) {
    return new Key(connection.id(), connection.original());
  }

  private static Traffic traffic(@Nullable Counters counters) {
    return counters == null ? Traffic.NONE : new Traffic(counters.packets(), counters.bytes());
  }

  /** A total below the last one belongs to a connection that took over its number. */
  private static Traffic difference(Traffic now, Traffic before) {
    return now.packets() < before.packets()
        ? now
        : new Traffic(now.packets() - before.packets(), now.bytes() - before.bytes());
  }
}
