package io.margay.app.cli.agents;

import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import io.margay.model.resource.Agent;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents show}. */
@Command(
    name = "show",
    description = "Shows an agent as policies see it: its attributes and its groups.",
    mixinStandardHelpOptions = true)
final class ShowAgentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Parameters(paramLabel = "NAME", description = "The agent.")
  private String name;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    RegistryOptions.Read read = registry.read();
    Agent agent = read.agent(name);
    PrintWriter out = spec.commandLine().getOut();
    StoredEntity entity = read.registry().entities().find(EntityUid.of("Agent", name));
    if (entity != null) {
      out.println(entity.uid());
      entity
          .entity()
          .attributes()
          .attributes()
          .forEach((attribute, value) -> out.println("  " + attribute + " = " + value));
      entity.ancestors().toSet().stream().sorted().forEach(group -> out.println("  in " + group));
    }
    read.registry()
        .haltOf(name, clock.instant())
        .ifPresent(halt ->
            out.println("  halted by " + halt.metadata().name() + ": " + halt.spec().reason()));
    Agent.A2a a2a = agent.spec().a2a();
    if (a2a != null) {
      out.println("  takes calls at " + a2a.url());
    }
    out.flush();
    return 0;
  }
}
