package io.margay.model.resource;

/**
 * A resource about virtual machines: KubeVirt's, and what is recorded of their migrations. No
 * verdict depends on one.
 */
public sealed interface MachineResource extends Resource
    permits VirtualMachine,
        VirtualMachineInstance,
        VirtualMachineInstanceMigration,
        LiveMigration {}
