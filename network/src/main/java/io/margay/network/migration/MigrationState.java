package io.margay.network.migration;

import io.margay.network.route.RoutePriority;

/**
 * Where a pod of a virtual machine stands in a migration. Calico's states, and one more for targets
 * that the machine did not reach.
 *
 * <pre>
 *             target             announced            no migration            time over
 *   NORMAL ────────────► TARGET ──────────► LIVE ──────────────────► WAITING ──────────► NORMAL
 *                          │ no migration: the announcement was missed   ▲
 *                          └─────────────────────────────────────────────┘
 *   any ── source, or the pod is gone ──► NORMAL         any but NORMAL ── failed ──► FAILED
 * </pre>
 *
 * <p>A pod that becomes the source of the next migration while it waits is normal at once, so that
 * of two elevated routes there is never more than the newest target's.
 */
enum MigrationState {
  /** An ordinary pod, or the source of a migration. */
  NORMAL(RoutePriority.NORMAL),
  /** The machine is expected. It runs elsewhere: a route would draw its packets away. */
  TARGET(RoutePriority.NONE),
  /** The machine has come, and the migration is not over. */
  LIVE(RoutePriority.ELEVATED),
  /** The migration is over; other nodes may not have noticed. */
  WAITING(RoutePriority.ELEVATED),
  /** The machine does not come any more. The pod has its addresses until it ends. */
  FAILED(RoutePriority.NONE);

  private final RoutePriority priority;

  MigrationState(RoutePriority priority) {
    this.priority = priority;
  }

  /** How the node routes to a pod in this state. */
  RoutePriority priority() {
    return priority;
  }

  /** Whether to listen for the machine's announcement. */
  boolean listens() {
    return this == TARGET;
  }

  /** Whether the addresses are the pod's from this state on, when it comes from another. */
  boolean takesOver(MigrationState before) {
    return priority == RoutePriority.ELEVATED && before.priority != RoutePriority.ELEVATED;
  }

  /** The state after an event. */
  MigrationState on(MigrationEvent event) {
    return switch (event) {
      case SOURCE, REMOVED -> NORMAL;
      case FAILED -> FAILED;
      case TARGET ->
          switch (this) {
            case NORMAL, TARGET -> TARGET;
            // What has been taken over is not given back because somebody says it again.
            case LIVE, WAITING -> LIVE;
            case FAILED -> FAILED;
          };
      case TARGET_IN_CHARGE -> this == FAILED ? FAILED : LIVE;
      case NONE ->
          switch (this) {
            case TARGET, LIVE -> WAITING;
            case NORMAL, WAITING, FAILED -> this;
          };
      // Both can be late: a capture that ends or a timer that was for an earlier time.
      case ANNOUNCED -> this == TARGET ? LIVE : this;
      case CONVERGED -> this == WAITING ? NORMAL : this;
    };
  }
}
