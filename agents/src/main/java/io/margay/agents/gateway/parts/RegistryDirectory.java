package io.margay.agents.gateway.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.gateway.Addresses;
import io.margay.agents.gateway.Addresses.Registered;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.http.Traces;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.Agent;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The servers behind the gateway, as the registry has them now. */
final class RegistryDirectory implements Directory {
  private static final BigDecimal MILLIONTHS = BigDecimal.valueOf(1_000_000);

  private final Supplier<RegistrySnapshot> registry;
  private final PolicyDecider decider;
  private final Function<io.margay.model.resource.ModelProvider, Optional<Credential>> credentials;
  private final InstantSource clock;
  private final HeldTools held;
  private volatile Known known;

  /** What calls ask of a snapshot, read again only when there is another one. */
  private record Known(
      RegistrySnapshot of, Addresses addresses, Map<String, ToolServer> toolServers) {

    static Known of(RegistrySnapshot registry) {
      Map<String, ToolServer> servers = new HashMap<>();
      registry.toolServers().forEach((name, server) -> servers.put(name, toolServer(name, server)));
      return new Known(registry, RegistryDirectory.addresses(registry), servers);
    }
  }

  /**
   * @param credentials finds the key that lets us in at a provider
   * @param held is told of tools' definitions
   */
  RegistryDirectory(
      Supplier<RegistrySnapshot> registry,
      PolicyDecider decider,
      Function<io.margay.model.resource.ModelProvider, Optional<Credential>> credentials,
      HeldTools held,
      InstantSource clock) {
    this.registry = registry;
    this.decider = decider;
    this.credentials = credentials;
    this.held = held;
    this.clock = clock;
    this.known = Known.of(registry.get());
  }

  @Override
  public Optional<ToolServer> toolServer(String name) {
    return Optional.ofNullable(known().toolServers().get(name));
  }

  private static ToolServer toolServer(
      String name, io.margay.model.resource.ToolServer registered) {
    Map<String, String> pins = new HashMap<>();
    registered.spec().tools().stream()
        .filter(tool -> !tool.definitionHash().isEmpty())
        .forEach(tool -> pins.put(tool.name(), HeldTools.withoutPrefix(tool.definitionHash())));
    return new ToolServer(
        name, URI.create(registered.spec().url()), registered.spec().caBundle(), pins);
  }

  @Override
  public Optional<CallableAgent> agent(String name) {
    RegistrySnapshot snapshot = registry.get();
    return Optional.ofNullable(snapshot.agents().get(name))
        .flatMap(agent ->
            Optional.ofNullable(agent.spec().a2a())
                .map(a2a ->
                    new CallableAgent(
                        name,
                        URI.create(a2a.url()),
                        a2a.caBundle(),
                        snapshot.spiffeIdOf(name),
                        card(agent))));
  }

  /** What the registry knows of an agent; what the agent says itself is not vouched for. */
  private static JsonNode card(Agent agent) {
    ObjectNode card = JsonNodeFactory.instance.objectNode();
    card.put("name", agent.metadata().name()).put("description", agent.spec().purpose());
    card.put("version", agent.spec().version());
    card.putObject("capabilities").put("streaming", true);
    card.putArray("defaultInputModes").add("text/plain");
    card.putArray("defaultOutputModes").add("text/plain");
    var skills = card.putArray("skills");
    agent.spec().capabilities().stream()
        .sorted()
        .forEach(one ->
            skills
                .addObject()
                .put("id", one)
                .put("name", one)
                .put("description", one)
                .putArray("tags")
                .add(one));
    return card;
  }

  @Override
  public Optional<ModelProvider> modelProvider(String name) {
    return Optional.ofNullable(registry.get().providers().get(name))
        .map(provider -> {
          Map<String, Price> prices = new HashMap<>();
          provider
              .spec()
              .models()
              .forEach(model ->
                  prices.put(
                      model.name(),
                      new Price(millionths(model.inputPrice()), millionths(model.outputPrice()))));
          return new ModelProvider(
              name,
              URI.create(provider.spec().url()),
              provider.spec().caBundle(),
              credentials.apply(provider),
              prices);
        });
  }

  private static long millionths(BigDecimal price) {
    return price.multiply(MILLIONTHS).longValue();
  }

  @Override
  public Addresses addresses() {
    return known().addresses();
  }

  private Known known() {
    RegistrySnapshot now = registry.get();
    Known latest = known;
    if (latest.of() != now) {
      latest = Known.of(now);
      known = latest;
    }
    return latest;
  }

  private static Addresses addresses(RegistrySnapshot registry) {
    List<Registered> servers = new ArrayList<>();
    registry
        .toolServers()
        .forEach((name, server) ->
            servers.add(new Registered("mcp", name, URI.create(server.spec().url()), true)));
    registry
        .agents()
        .forEach((name, agent) -> {
          if (agent.spec().a2a() != null) {
            servers.add(new Registered("a2a", name, URI.create(agent.spec().a2a().url()), false));
          }
        });
    registry
        .providers()
        .forEach((name, provider) ->
            servers.add(new Registered("llm", name, URI.create(provider.spec().url()), false)));
    return new Addresses(servers);
  }

  @Override
  public List<Target> visible(Caller caller, String action, List<Target> targets) {
    AgentCall call =
        new AgentCall(
            targets.stream().anyMatch(target -> target.kind() == Target.Kind.MODEL)
                ? Protocol.LLM
                : Protocol.MCP,
            action,
            caller,
            new Target(Target.Kind.TOOL_SERVER, "", ""),
            JsonNodeFactory.instance.objectNode(),
            Traces.of(Optional.empty()),
            clock.instant());
    return decider.visible(call, targets);
  }

  @Override
  public void definitionChanged(String server, String tool, String hash) {
    held.held(server, tool, hash);
  }

  @Override
  public void definitionApproved(String server, String tool, String hash) {
    held.approved(server, tool, hash);
  }
}
