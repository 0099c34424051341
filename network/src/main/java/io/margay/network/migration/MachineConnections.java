package io.margay.network.migration;

import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.conntrack.MovableConnection;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.LiveMigration.Connections;
import io.margay.model.resource.LiveMigration.Handover;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a machine's connections out of the source's table and puts them into the target's, so that
 * the target's policy does not judge their next packets as the first of new ones.
 */
final class MachineConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MachineConnections.class);

  /** A record must stay far below what an API server takes. */
  static final int MOST = 1_000;

  /** Of marks only kube-proxy's bits move: what we write there are numbers of this node's own. */
  private static final int SHARED_MARKS = 0xc000;

  private final Conntrack table;

  MachineConnections(NetworkNamespace namespace) {
    this.table = Conntrack.open(namespace);
  }

  /** The connections of a machine's addresses. */
  Handover read(Set<InetAddress> machine, Instant at) {
    List<String> all =
        table.movable().stream()
            .filter(connection -> isOf(connection, machine))
            .map(connection -> ConnectionText.of(connection.withMark(SHARED_MARKS)))
            .toList();
    return new Handover(
        at, all.subList(0, Math.min(MOST, all.size())), Math.max(0, all.size() - MOST));
  }

  /** Whoever may write a record must not open ways to others than the machine. */
  private static boolean isOf(MovableConnection connection, Set<InetAddress> machine) {
    ConnectionTuple original = connection.original();
    return machine.contains(original.source()) || machine.contains(connection.reply().source());
  }

  /** Puts connections into the table. What is there already stays. */
  Connections insert(Handover handover, Set<InetAddress> machine) {
    long moved = 0;
    long kept = 0;
    long dropped = handover.omitted();
    for (String line : handover.entries()) {
      try {
        MovableConnection connection = ConnectionText.parse(line);
        if (!connection.isMovable() || !isOf(connection, machine)) {
          dropped++;
        } else if (table.insert(connection)) {
          moved++;
        } else {
          kept++;
        }
      } catch (IllegalArgumentException | KernelException e) {
        log.warn("a machine's connection is not taken over: {}: {}", line, e.getMessage());
        dropped++;
      }
    }
    return new Connections(moved, kept, dropped);
  }

  @Override
  public void close() {
    table.close();
  }
}
