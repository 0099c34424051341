package io.margay.model.resource;

/** KubeVirt's virtual machine. Only whether it is there and is to go counts here. */
public record VirtualMachine(ObjectMeta metadata) implements MachineResource {

  @Override
  public Kind kind() {
    return Kind.VIRTUAL_MACHINE;
  }
}
