package io.margay.agents.registry;

import io.margay.cedar.entity.Entity;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentGroup;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.Budget;
import io.margay.model.resource.ToolServer;
import io.margay.model.resource.ToolSet;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is in which group and set. */
record Members(List<AgentGroup> agentGroups, List<ToolSet> toolSets) {

  Set<EntityUid> groups(Agent agent) {
    Labels labels = AttributeLabels.of(agent);
    return agentGroups.stream()
        .filter(group ->
            group.spec().members().contains(agent.metadata().name())
                || matches(group.spec().selector(), labels))
        .map(Members::uid)
        .collect(Collectors.toSet());
  }

  /** The sets of a tool, and its server. */
  Set<EntityUid> sets(ToolServer server, ToolServer.Tool tool) {
    String serverName = server.metadata().name();
    Labels labels = AttributeLabels.of(server, tool);
    Set<EntityUid> parents = new HashSet<>();
    parents.add(new EntityUid(RegistryEntities.TOOL_SERVER, serverName));
    for (ToolSet set : toolSets) {
      Collection<String> tools = set.spec().tools();
      if (tools.contains(serverName + "/*")
          || tools.contains(serverName + "/" + tool.name())
          || matches(set.spec().selector(), labels)) {
        parents.add(uid(set));
      }
    }
    return parents;
  }

  /** All groups and sets. */
  Stream<EntityUid> uids() {
    return Stream.concat(
        agentGroups.stream().map(Members::uid), toolSets.stream().map(Members::uid));
  }

  static Entity entity(EntityUid uid) {
    return Entity.of(uid, RecordValue.EMPTY);
  }

  static boolean isHalted(AgentHalt halt, Agent agent) {
    return halt.spec().agent().equals(agent.metadata().name())
        || matches(halt.spec().selector(), AttributeLabels.of(agent));
  }

  static boolean isCovered(Budget budget, Agent agent) {
    Selector selector = budget.spec().selector();
    return selector == null || selector.matches(AttributeLabels.of(agent));
  }

  private static EntityUid uid(AgentGroup group) {
    return new EntityUid(RegistryEntities.GROUP, group.metadata().name());
  }

  private static EntityUid uid(ToolSet set) {
    return new EntityUid(RegistryEntities.TOOL_SET, set.metadata().name());
  }

  private static boolean matches(@Nullable Selector selector, Labels labels) {
    return selector != null && selector.matches(labels);
  }
}
