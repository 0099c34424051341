package io.margay.console.agents;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.store.ResourceStore;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Everything that the pages of agents show and change. All of it is asked from many threads.
 *
 * @param store where policies and halts are changed
 * @param registry as it is now
 * @param decider with the policies in force
 * @param desk of held calls
 * @param auditDirectory where the audit log is read
 * @param audit where it is said who changes what, before it is changed
 */
public record AgentSources(
    ResourceStore store,
    Supplier<RegistrySnapshot> registry,
    PolicyDecider decider,
    ApprovalDesk desk,
    Path auditDirectory,
    AuditLog audit) {}
