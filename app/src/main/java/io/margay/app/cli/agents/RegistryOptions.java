package io.margay.app.cli.agents;

import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.decide.Sessions;
import io.margay.agents.registry.AgentRegistry;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Agent;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The registry that a command looks at. */
final class RegistryOptions {
  @Mixin private StoreOptions source;

  @Option(
      names = "--trust-domain",
      paramLabel = "DOMAIN",
      defaultValue = "margay.local",
      description = "Of agents without a SPIFFE id of their own (default: ${DEFAULT-VALUE}).")
  private String trustDomain = "margay.local";

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      defaultValue = "",
      description = "What policies see as context.environment.")
  private String environment = "";

  /**
   * What was read.
   *
   * @param decider with the policies, and without any session
   */
  record Read(RegistrySnapshot registry, PolicyDecider decider) {
    /** All that is wrong, sorted by resource. */
    Map<ResourceKey, List<Problem>> problems() {
      return new TreeMap<>(decider.allProblems());
    }

    /** The agent of this name. */
    Agent agent(String name) {
      Agent agent = registry.agents().get(name);
      if (agent == null) {
        ResourceKey key = new ResourceKey(Kind.AGENT, "", name);
        List<String> problems = new ArrayList<>();
        problems().getOrDefault(key, List.of()).forEach(p -> problems.add(p.toString()));
        throw new CommandFailure(
            problems.isEmpty() ? "there is no agent " + name : String.join("\n", problems));
      }
      return agent;
    }
  }

  ResourceStore open() {
    return source.open();
  }

  Read read() {
    try (ResourceStore store = open()) {
      RegistrySnapshot registry = AgentRegistry.read(store, trustDomain);
      PolicyDecider decider =
          new PolicyDecider(environment, new Sessions(1, Duration.ofHours(1), Instant.MIN));
      decider.take(registry);
      return new Read(registry, decider);
    }
  }
}
