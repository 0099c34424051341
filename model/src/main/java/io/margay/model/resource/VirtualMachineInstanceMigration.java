package io.margay.model.resource;

/** KubeVirt's wish to move a running virtual machine to another node, and how far that is. */
public record VirtualMachineInstanceMigration(ObjectMeta metadata, Spec spec, Progress progress)
    implements MachineResource {

  @Override
  public Kind kind() {
    return Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION;
  }

  /**
   * The specification.
   *
   * @param machine the name of the VirtualMachineInstance
   */
  public record Spec(String machine) {}

  /** How far it is, of KubeVirt's phases what the network has to tell apart. */
  public enum Progress {
    /** There is no target yet. */
    WAITING,
    UNDER_WAY,
    SUCCEEDED,
    FAILED
  }
}
