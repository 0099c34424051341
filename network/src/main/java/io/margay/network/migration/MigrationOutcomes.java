package io.margay.network.migration;

import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.Machine;
import io.margay.network.ipam.MachineAddresses;
import io.margay.network.ipam.MachineAddresses.Swap;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What a migration leads to in the store: who has the addresses, and what the record says. */
final class MigrationOutcomes {
  static final String MISSED = "the machine's announcement was not heard";

  private final PersistentTasks tasks;
  private final MachineAddresses addresses;
  private final MigrationRecords records;
  private final InstantSource clock;
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  MigrationOutcomes(
      PersistentTasks tasks,
      MachineAddresses addresses,
      MigrationRecords records,
      InstantSource clock) {
    this.tasks = tasks;
    this.addresses = addresses;
    this.records = records;
    this.clock = clock;
  }

  /** How many records this node has ended, by outcome. */
  Map<String, Long> counts() {
    return Map.of(
        "migrations_succeeded", succeeded.get(),
        "migrations_failed", failed.get(),
        "migrations_unwritten", tasks.refused());
  }

  private static Machine machine(LiveMigration migration) {
    return Machine.of(migration.metadata().namespace(), migration.spec().machine());
  }

  void prepared(LiveMigration migration) {
    Instant at = clock.instant();
    tasks.submit(
        migration.key() + " prepared",
        () ->
            records.phase(
                migration.key(), Phase.PREPARED, at, "", addresses.active(machine(migration))));
  }

  /**
   * The target has the machine: it gets the addresses too.
   *
   * @param missed whether nothing announced it
   * @param pod the target, which is told when it has them, and asked whether it still is to
   */
  void arrived(LiveMigration migration, Phase phase, boolean missed, MachinePod pod) {
    Instant at = clock.instant();
    ResourceKey key = migration.key();
    tasks.submit(
        key + " takes the addresses over",
        () -> {
          if (pod.state == MigrationState.FAILED) {
            return;
          }
          Machine machine = machine(migration);
          String reason =
              switch (addresses.swap(machine, migration.spec().target().pod())) {
                case Swap.DONE -> missed ? MISSED : "";
                case Swap.TARGET_GONE -> "the addresses were not taken over: the target has ended";
                case Swap.OTHER_TARGET ->
                    "the addresses were not taken over: they are promised to another target";
                case Swap.NO_ADDRESS -> "the machine has no address to take over";
              };
          pod.inCharge = true;
          records.phase(key, phase, at, reason, addresses.active(machine));
        });
  }

  /** The migration is over, and the other nodes have had time to notice. */
  void phase(LiveMigration migration, Phase phase) {
    Instant at = clock.instant();
    tasks.submit(
        migration.key() + " " + phase,
        () -> {
          Optional<Place> owner = addresses.active(machine(migration));
          boolean written = records.phase(migration.key(), phase, at, "", owner);
          if (written && phase == Phase.SUCCEEDED) {
            succeeded.incrementAndGet();
          }
        });
  }

  /**
   * The migration has failed, and the machine is where it was: the addresses are the source's, also
   * where the target had them already.
   *
   * @param sourceRuns whether the source's pod is known to run
   */
  void failed(LiveMigration migration, boolean sourceRuns) {
    Instant at = clock.instant();
    tasks.submit(
        migration.key() + " failed",
        () -> {
          Machine machine = machine(migration);
          Place source = migration.spec().source();
          Optional<Place> owner = addresses.active(machine);
          boolean lost = owner.isEmpty() || owner.get().equals(migration.spec().target());
          String reason = "the machine did not arrive at " + migration.spec().target().node();
          if (lost && sourceRuns) {
            reason =
                switch (addresses.swap(machine, source.pod())) {
                  case Swap.DONE -> "failed after the switch: the source has the addresses again";
                  case Swap.TARGET_GONE, Swap.OTHER_TARGET ->
                      "failed after the switch: the source has no part in the addresses any more";
                  case Swap.NO_ADDRESS -> reason;
                };
          } else if (lost) {
            reason = "failed after the switch, and the source does not run";
          }
          owner = addresses.active(machine);
          if (records.phase(migration.key(), Phase.FAILED, at, reason, owner)) {
            failed.incrementAndGet();
          }
        });
  }
}
