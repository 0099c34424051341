package io.margay.network.migration;

import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Outcome;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.VirtualMachineInstanceMigration;
import io.margay.model.resource.VirtualMachineInstanceMigration.Progress;
import io.margay.network.ipam.Machine;
import io.margay.network.ipam.MachineAddresses;
import io.margay.store.ResourceStore;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the LiveMigrations of KubeVirt's migrations: made by the target's node, and ended by
 * whichever of the two nodes hears of the end, since one of them may be gone. Used by the
 * controller's thread.
 */
final class MigrationKeeper {
  private final String node;

  private final MigrationCollector cluster;
  private final PersistentTasks tasks;
  private final MachineAddresses addresses;
  private final MigrationRecords records;
  private final ResourceStore store;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  MigrationKeeper(
      String node,
      MigrationCollector cluster,
      PersistentTasks tasks,
      MachineAddresses addresses,
      MigrationRecords records,
      ResourceStore store) {
    this.node = node;
    this.cluster = cluster;
    this.tasks = tasks;
    this.addresses = addresses;
    this.records = records;
    this.store = store;
  }

  /** Makes the records that are missing, and ends those whose migrations have ended. */
  void keep() {
    cluster
        .targets()
        .forEach((pod, uid) -> {
          if (!cluster.isRecorded(pod.namespace(), uid)) {
            cluster
                .migration(pod.namespace(), uid)
                .filter(migration -> isUnderWay(migration.progress()))
                .filter(_ -> asked.add(uid))
                .ifPresent(migration -> make(migration, pod));
          }
        });
    for (LiveMigration record : cluster.records()) {
      if (record.spec().outcome() == Outcome.UNDER_WAY && concerns(record)) {
        end(record);
      }
    }
  }

  private static boolean isUnderWay(Progress progress) {
    return switch (progress) {
      case WAITING, UNDER_WAY -> true;
      case SUCCEEDED, FAILED -> false;
    };
  }

  private void make(VirtualMachineInstanceMigration migration, ResourceKey pod) {
    tasks.submit(
        "the record of " + migration.key(),
        () -> {
          Machine machine = Machine.of(pod.namespace(), migration.spec().machine());
          Place target = new Place(pod.name(), node);
          Optional<Place> source = addresses.active(machine);
          if (source.isEmpty()) {
            // The machine has not come to its first pod yet, or has just left one.
            asked.remove(migration.metadata().uid());
          } else if (!source.get().equals(target)) {
            records.create(migration, source.get(), target);
          }
        });
  }

  private boolean concerns(LiveMigration record) {
    return record.spec().source().node().equals(node) || record.spec().target().node().equals(node);
  }

  private void end(LiveMigration record) {
    Optional<VirtualMachineInstanceMigration> migration =
        cluster.migration(record.metadata().namespace(), record.spec().uid());
    if (migration.isPresent()) {
      switch (migration.get().progress()) {
        case WAITING, UNDER_WAY -> {}
        case SUCCEEDED -> outcome(record, Outcome.SUCCEEDED);
        case FAILED -> outcome(record, Outcome.FAILED);
      }
    } else if (cluster.knowsKubeVirt()) {
      endIfWithdrawn(record);
    }
  }

  /**
   * A migration that was deleted before its end was cancelled. The store decides, not the stream.
   */
  private void endIfWithdrawn(LiveMigration record) {
    String name =
        record.metadata().annotations().getOrDefault(MigrationRecords.MIGRATION_ANNOTATION, "");
    String question = record.spec().uid() + " withdrawn";
    if (name.isEmpty() || !asked.add(question)) {
      return;
    }
    ResourceKey key =
        new ResourceKey(
            Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, record.metadata().namespace(), name);
    tasks.submit(
        "the outcome of " + record.key(),
        () -> {
          boolean there =
              store
                  .get(key)
                  .map(found -> found.json().path("metadata").path("uid").asText())
                  .filter(uid -> uid.equals(record.spec().uid()))
                  .isPresent();
          if (there) {
            asked.remove(question);
          } else {
            records.outcome(record.key(), Outcome.FAILED);
          }
        });
  }

  private void outcome(LiveMigration record, Outcome outcome) {
    if (asked.add(record.spec().uid() + " " + outcome)) {
      tasks.submit("the outcome of " + record.key(), () -> records.outcome(record.key(), outcome));
    }
  }
}
