package io.margay.model.resource;

/**
 * A resource of {@code agents.margay.io}: all of them are cluster-wide. Network policy knows
 * nothing of them.
 */
public sealed interface AgentResource extends Resource
    permits Agent,
        ToolServer,
        ModelProvider,
        Budget,
        ToolSet,
        AgentGroup,
        AgentPolicy,
        AgentHalt,
        Approval {}
