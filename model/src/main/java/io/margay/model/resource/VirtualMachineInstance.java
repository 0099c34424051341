package io.margay.model.resource;

/**
 * KubeVirt's virtual machine that runs.
 *
 * @param node where it runs; empty before it does
 */
public record VirtualMachineInstance(ObjectMeta metadata, String node) implements MachineResource {

  @Override
  public Kind kind() {
    return Kind.VIRTUAL_MACHINE_INSTANCE;
  }
}
