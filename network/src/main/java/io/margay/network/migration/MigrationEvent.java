package io.margay.network.migration;

/** What a pod of a virtual machine can live to see. */
enum MigrationEvent {
  /** A machine is to move into the pod, and has not yet. */
  TARGET,
  /** The same, and the pod has the machine's addresses already: this node was started again. */
  TARGET_IN_CHARGE,
  /** The machine is to leave the pod. */
  SOURCE,
  /** There is no migration, or it has succeeded. */
  NONE,
  /** The migration into the pod has failed. */
  FAILED,
  /** The pod is gone. */
  REMOVED,
  /** The machine has announced itself behind the pod's interface. */
  ANNOUNCED,
  /** The time for the other nodes to learn the way is over. */
  CONVERGED
}
