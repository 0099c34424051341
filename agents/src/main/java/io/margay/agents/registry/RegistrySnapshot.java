package io.margay.agents.registry;

import io.margay.cedar.entity.Entities;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityUid;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.AgentResource;
import io.margay.model.resource.Budget;
import io.margay.model.resource.ModelProvider;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ToolServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The registry at one moment. Immutable.
 *
 * @param agents those that may be used, by name
 * @param bySpiffeId the same by identity
 * @param spiffeIds their identities, by name
 * @param toolServers those that may be used, by name
 * @param providers those that may be used, by name
 * @param policies all of them, also those that are wrong
 * @param tierOrders orders of the tiers that exist, by name; one without an order comes last
 * @param budgets all of them, also those that are wrong
 * @param halts those of each agent, by its name
 * @param entities what policies look at
 * @param schemaText what policies must fit
 * @param contradicting tools whose arguments policies cannot look at, as {@code server/tool}
 * @param unreadable groups and sets that exist, but of which nobody knows who is in them
 * @param dataClasses all that there are
 * @param problems what is wrong, by resource; a resource that is here with a problem of its own
 *     content is used in none of the other fields
 */
public record RegistrySnapshot(
    Map<String, Agent> agents,
    Map<String, Agent> bySpiffeId,
    Map<String, String> spiffeIds,
    Map<String, ToolServer> toolServers,
    Map<String, ModelProvider> providers,
    List<AgentPolicy> policies,
    Map<String, Double> tierOrders,
    List<Budget> budgets,
    Map<String, List<AgentHalt>> halts,
    Entities entities,
    String schemaText,
    Schema schema,
    Set<String> contradicting,
    Set<EntityUid> unreadable,
    Set<String> dataClasses,
    Map<ResourceKey, List<Problem>> problems) {

  /** By which identity an agent of these is known. */
  public String spiffeIdOf(String agent) {
    String id = spiffeIds.get(agent);
    if (id == null) {
      throw new IllegalArgumentException("there is no agent " + agent);
    }
    return id;
  }

  /** The halt that stops an agent at a moment, if there is one. */
  public Optional<AgentHalt> haltOf(String agent, Instant now) {
    for (AgentHalt halt : halts.getOrDefault(agent, List.of())) {
      if (halt.holdsAt(now)) {
        return Optional.of(halt);
      }
    }
    return Optional.empty();
  }

  /** Budgets that an agent's calls of a model draw from; all that cannot be read are among them. */
  public List<Budget> budgetsOf(Agent agent, String provider, String model) {
    return budgets.stream()
        .filter(budget ->
            isWrong(budget) || (budget.covers(provider, model) && Members.isCovered(budget, agent)))
        .toList();
  }

  /** Whether something is wrong with a resource. */
  public boolean isWrong(AgentResource resource) {
    return problems.containsKey(resource.key());
  }

  /** The tool, if its server declares it. */
  public Optional<ToolServer.Tool> tool(String server, String tool) {
    return Optional.ofNullable(toolServers.get(server)).flatMap(found -> found.tool(tool));
  }

  /** The same with other policies. */
  public RegistrySnapshot withPolicies(List<AgentPolicy> others) {
    return new RegistrySnapshot(
        agents,
        bySpiffeId,
        spiffeIds,
        toolServers,
        providers,
        List.copyOf(others),
        tierOrders,
        budgets,
        halts,
        entities,
        schemaText,
        schema,
        contradicting,
        unreadable,
        dataClasses,
        problems);
  }
}
