package io.margay.agents.registry;

import io.margay.agents.call.Target;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.model.resource.ModelProvider;
import io.margay.model.resource.ToolServer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call is made to, as an entity.
 *
 * @param tool when it is one
 * @param own the entity where the registry has none: resources and prompts
 * @param dataClasses of what can be read there
 */
record TargetEntity(
    EntityUid uid, Optional<ToolServer.Tool> tool, @Nullable Entity own, Set<String> dataClasses) {

  static TargetEntity of(RegistrySnapshot registry, Target target) throws RefusedCallException {
    return switch (target.kind()) {
      case AGENT -> {
        if (!registry.agents().containsKey(target.server())) {
          throw new RefusedCallException("no usable Agent is named " + target.server());
        }
        yield plain(new EntityUid(RegistryEntities.AGENT, target.server()), Set.of());
      }
      case MODEL -> model(registry, target);
      case TOOL -> tool(server(registry, target), target.name());
      case RESOURCE -> content(RegistryEntities.RESOURCE, server(registry, target), target.name());
      case PROMPT -> content(RegistryEntities.PROMPT, server(registry, target), target.name());
      case TOOL_SERVER -> itself(server(registry, target));
      case ADDRESS ->
          throw new RefusedCallException("the registry has nothing at " + target.server());
    };
  }

  private static ToolServer server(RegistrySnapshot registry, Target target)
      throws RefusedCallException {
    ToolServer server = registry.toolServers().get(target.server());
    if (server == null) {
      throw new RefusedCallException("no usable ToolServer is named " + target.server());
    }
    return server;
  }

  private static TargetEntity itself(ToolServer server) {
    return plain(new EntityUid(RegistryEntities.TOOL_SERVER, server.metadata().name()), Set.of());
  }

  private static TargetEntity tool(ToolServer server, String name) throws RefusedCallException {
    if (name.isEmpty()) {
      return itself(server);
    }
    String serverName = server.metadata().name();
    ToolServer.Tool tool =
        server
            .tool(name)
            .orElseThrow(() ->
                new RefusedCallException("ToolServer " + serverName + " declares no tool " + name));
    return new TargetEntity(
        RegistryEntities.toolUid(serverName, name),
        Optional.of(tool),
        null,
        RegistryEntities.dataClasses(server, tool));
  }

  private static TargetEntity content(EntityType type, ToolServer server, String name)
      throws RefusedCallException {
    if (name.isEmpty()) {
      return itself(server);
    }
    Entity entity = RegistryEntities.content(type, server, CallRequest.text("name", name).value());
    return new TargetEntity(entity.uid(), Optional.empty(), entity, server.spec().dataClasses());
  }

  private static TargetEntity model(RegistrySnapshot registry, Target target)
      throws RefusedCallException {
    ModelProvider provider = registry.providers().get(target.server());
    if (provider == null) {
      throw new RefusedCallException("no usable ModelProvider is named " + target.server());
    }
    if (target.name().isEmpty()) {
      return plain(new EntityUid(RegistryEntities.MODEL_PROVIDER, target.server()), Set.of());
    }
    if (provider.model(target.name()).isEmpty()) {
      throw new RefusedCallException(
          "ModelProvider " + target.server() + " declares no model " + target.name());
    }
    return plain(RegistryEntities.modelUid(target.server(), target.name()), Set.of());
  }

  private static TargetEntity plain(EntityUid uid, Set<String> dataClasses) {
    return new TargetEntity(uid, Optional.empty(), null, dataClasses);
  }

  /** The entities with this one among them. */
  Entities in(Entities entities) {
    return own == null ? entities : entities.with(own);
  }
}
