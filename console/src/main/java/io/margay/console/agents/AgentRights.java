package io.margay.console.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.registry.RegistrySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an agent may call by the policies in force, with some arguments at least: by itself, as the
 * first agent of a user, and of a user in a group that the policies name.
 */
record AgentRights(RegistrySnapshot registry, PolicyDecider decider, Instant now) {

  /** An answer stays small; more groups are not asked for. */
  private static final int MOST_GROUPS = 50;

  /** Somebody of whom only a group is known. */
  private static final User ANYBODY = new User("", "", List.of());

  /** Groups of users that the policies name, of which the rights speak. */
  List<String> groups() {
    return decider.namedGroups().stream().limit(MOST_GROUPS).toList();
  }

  /**
   * The rights.
   *
   * @param user on whose behalf; whose groups nobody knows here
   */
  ArrayNode of(String workload, Optional<User> user) {
    ArrayNode rights = JsonNodeFactory.instance.arrayNode();
    add(rights, workload, user, Protocol.MCP, "invokeTool", tools());
    add(rights, workload, user, Protocol.A2A, "sendMessage", agents(workload));
    add(rights, workload, user, Protocol.LLM, "invokeModel", models());
    return rights;
  }

  private void add(
      ArrayNode rights,
      String workload,
      Optional<User> user,
      Protocol protocol,
      String action,
      List<Target> targets) {
    Set<Target> alone = visible(workload, Optional.empty(), protocol, action, targets);
    Set<Target> onBehalf =
        user.isEmpty() ? Set.of() : visible(workload, user, protocol, action, targets);
    Map<String, Set<Target>> byGroup = new TreeMap<>();
    for (String group : groups()) {
      User one = user.orElse(ANYBODY);
      User member = new User(one.issuer(), one.subject(), List.of(group));
      byGroup.put(group, visible(workload, Optional.of(member), protocol, action, targets));
    }
    for (Target target : targets) {
      List<String> groups =
          byGroup.entrySet().stream()
              .filter(group -> group.getValue().contains(target))
              .map(Map.Entry::getKey)
              .toList();
      if (alone.contains(target) || onBehalf.contains(target) || !groups.isEmpty()) {
        ObjectNode right = rights.addObject().put("action", action);
        right
            .put("kind", target.kind().name())
            .put("server", target.server())
            .put("name", target.name())
            .put("alone", alone.contains(target))
            .put("on_behalf", onBehalf.contains(target));
        groups.forEach(right.putArray("groups")::add);
      }
    }
  }

  private Set<Target> visible(
      String workload,
      Optional<User> user,
      Protocol protocol,
      String action,
      List<Target> targets) {
    if (targets.isEmpty()) {
      return Set.of();
    }
    AgentCall call =
        new AgentCall(
            protocol,
            action,
            new Caller(workload, user, List.of(workload), "", List.of()),
            targets.getFirst(),
            JsonNodeFactory.instance.objectNode(),
            new TraceContext("", "", ""),
            now);
    return new HashSet<>(decider.visible(call, targets));
  }

  private List<Target> tools() {
    List<Target> tools = new ArrayList<>();
    new TreeMap<>(registry.toolServers())
        .forEach((name, server) ->
            server
                .spec()
                .tools()
                .forEach(tool -> tools.add(new Target(Target.Kind.TOOL, name, tool.name()))));
    return tools;
  }

  private List<Target> agents(String self) {
    return new TreeMap<>(registry.agents())
        .keySet().stream()
            .filter(name -> !isSelf(name, self))
            .map(name -> new Target(Target.Kind.AGENT, name, ""))
            .toList();
  }

  private boolean isSelf(String name, String workload) {
    return workload.equals(CallFilter.workloads(registry).get(name));
  }

  private List<Target> models() {
    List<Target> models = new ArrayList<>();
    new TreeMap<>(registry.providers())
        .forEach((name, provider) ->
            provider
                .spec()
                .models()
                .forEach(model -> models.add(new Target(Target.Kind.MODEL, name, model.name()))));
    return models;
  }

  /** The SPIFFE id of whoever made a recorded call; empty for nobody. */
  static String caller(AuditRecord record) {
    return record.event().caller().map(Caller::workload).orElse("");
  }

  static Optional<User> user(AuditRecord record) {
    return record.event().caller().flatMap(Caller::user);
  }
}
