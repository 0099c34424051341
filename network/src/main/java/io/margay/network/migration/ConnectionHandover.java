package io.margay.network.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Connections;
import io.margay.model.resource.LiveMigration.Handover;
import io.margay.model.resource.ResourceKey;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a machine's connections from node to node by way of the migration's record: the source
 * writes them while the target is prepared, and whenever there are others; the target takes them
 * over before the machine comes. Used by the controller's thread.
 */
final class ConnectionHandover implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConnectionHandover.class);

  private final MachineConnections connections;
  private final PersistentTasks tasks;
  private final MigrationRecords records;
  private final InstantSource clock;

  /** What the source has written of each migration. */
  private final Map<ResourceKey, Set<String>> told = new HashMap<>();

  /** What the target has taken over of each migration. */
  private final Map<ResourceKey, Taken> taken = new HashMap<>();

  private record Taken(Instant at, Connections connections) {}

  ConnectionHandover(
      NetworkNamespace namespace,
      PersistentTasks tasks,
      MigrationRecords records,
      InstantSource clock) {
    this.connections = new MachineConnections(namespace);
    this.tasks = tasks;
    this.records = records;
    this.clock = clock;
  }

  /** Writes the machine's connections, if others have come or gone since they were written. */
  void tell(LiveMigration migration, Set<InetAddress> machine) {
    Handover handover;
    try {
      handover = connections.read(machine, clock.instant());
    } catch (KernelException e) {
      log.warn("{}: its connections cannot be read: {}", migration.key(), e.getMessage());
      return;
    }
    Set<String> now = new HashSet<>();
    handover.entries().forEach(line -> now.add(ConnectionText.identity(line)));
    if (now.equals(told.put(migration.key(), now))) {
      return;
    }
    tasks.submit(
        "the connections of " + migration.key(),
        () -> records.status(migration.key(), status -> write(status, handover)));
  }

  private static void write(ObjectNode status, Handover handover) {
    if (MigrationRecords.isFinal(status)) {
      return;
    }
    ObjectNode json = status.putObject("handover");
    json.put("at", handover.at().truncatedTo(ChronoUnit.MILLIS).toString());
    ArrayNode entries = json.putArray("entries");
    handover.entries().forEach(entries::add);
    json.put("omitted", handover.omitted());
  }

  /** Takes over what the source has written, unless that was done. */
  void take(LiveMigration migration, Set<InetAddress> machine) {
    Handover handover = migration.status().handover();
    Taken before = taken.get(migration.key());
    if (handover == null
        || machine.isEmpty()
        || (before != null && !handover.at().isAfter(before.at()))) {
      return;
    }
    Connections result = connections.insert(handover, machine);
    // What was moved the last time is found there this time.
    long movedBefore = before == null ? 0 : before.connections().moved();
    Connections total =
        new Connections(
            movedBefore + result.moved(),
            Math.max(0, result.kept() - movedBefore),
            result.dropped());
    taken.put(migration.key(), new Taken(handover.at(), total));
    tasks.submit(
        "the count of connections of " + migration.key(),
        () ->
            records.status(
                migration.key(),
                status ->
                    status
                        .putObject("connections")
                        .put("moved", total.moved())
                        .put("kept", total.kept())
                        .put("dropped", total.dropped())));
  }

  /** Forgets what was written and taken of migrations that are not among these. */
  void retain(List<ResourceKey> migrations) {
    told.keySet().retainAll(migrations);
    taken.keySet().retainAll(migrations);
  }

  @Override
  public void close() {
    connections.close();
  }
}
