package io.margay.flows.attribution;

import io.margay.flows.FlowKey;
import io.margay.flows.directory.EndpointDirectory.Ends;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open. Counters are told by packet only, so this is where they find the
 * flow to which the connection's first packet belonged: its service, and its endpoints also when
 * these are gone by now.
 */
final class ConnectionTable {
  private final int limit;

  /** Least recently heard of first. */
  private final Map<Id, Connection> connections = new LinkedHashMap<>(1024, 0.75f, true);

  ConnectionTable(int limit) {
    this.limit = limit;
  }

  record Id(Packet packet, Direction direction) {}

  /** An open connection. */
  static final class Connection {
    final FlowKey key;
    final Ends ends;
    Instant heardOf;

    /** Whether the first packet is counted already, and not yet taken off the counters. */
    boolean firstPacketCounted;

    final long firstPacketBytes;

    Connection(
        FlowKey key,
        Ends ends,
        Instant heardOf,
        boolean firstPacketCounted,
        long firstPacketBytes) {
      this.key = key;
      this.ends = ends;
      this.heardOf = heardOf;
      this.firstPacketCounted = firstPacketCounted;
      this.firstPacketBytes = firstPacketBytes;
    }
  }

  @Nullable Connection get(Id id) {
    return connections.get(id);
  }

  /** Follows a connection. One with the same addresses and ports has ended, and is returned. */
  @Nullable Connection put(Id id, Connection connection) {
    return connections.put(id, connection);
  }

  @Nullable Connection remove(Id id) {
    return connections.remove(id);
  }

  /** Stops following what is idle since a moment, and the idlest of too many; returns how many. */
  int forget(Instant idleSince, Consumer<Connection> forgotten) {
    int count = 0;
    Iterator<Connection> eldestFirst = connections.values().iterator();
    while (eldestFirst.hasNext()) {
      Connection eldest = eldestFirst.next();
      if (connections.size() <= limit && !eldest.heardOf.isBefore(idleSince)) {
        return count;
      }
      eldestFirst.remove();
      forgotten.accept(eldest);
      count++;
    }
    return count;
  }

  int size() {
    return connections.size();
  }
}
