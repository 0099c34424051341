package io.margay.network.migration;

import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.ResourceKey;
import org.jspecify.annotations.Nullable;

/** A pod here that has, or had, a part in a migration. Owned by the controller's thread. */
final class MachinePod {
  final ResourceKey pod;

  /** Also read by who takes the addresses over, who must not when the migration has failed. */
  volatile MigrationState state = MigrationState.NORMAL;

  /** Whether the store knows that the addresses are the pod's. */
  volatile boolean inCharge;

  /** Into the pod; null while it is only a source. */
  @Nullable LiveMigration migration;

  @Nullable AnnouncementListener listener;

  /** Grows with each state: a timer of an earlier one is stale. */
  int epoch;

  /** Whether the pod was there, so that its absence means that it is gone. */
  boolean seen;

  MachinePod(ResourceKey pod) {
    this.pod = pod;
  }

  void stopListening() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
