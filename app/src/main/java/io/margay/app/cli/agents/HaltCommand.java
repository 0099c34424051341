package io.margay.app.cli.agents;

import io.margay.agents.registry.NewHalt;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.DurationConverter;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.Validator;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents halt}. */
@Command(
    name = "halt",
    description = "Stops an agent, or all that a selector finds, at once.",
    mixinStandardHelpOptions = true)
final class HaltCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Parameters(arity = "0..1", paramLabel = "AGENT", description = "The agent's name.")
  private @Nullable String agent;

  @Option(
      names = "--selector",
      paramLabel = "SELECTOR",
      description = "Agents by labels and attributes, such as \"team == 'finance'\".")
  private @Nullable String selector;

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
  private String reason = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long, such as 2h (default: until it is resumed).")
  private @Nullable Duration time;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    if ((agent == null) == (selector == null)) {
      throw new CommandFailure("say whom to halt: AGENT or --selector, one of them");
    }
    KubeObject halt =
        new NewHalt(
                Optional.ofNullable(agent),
                Optional.ofNullable(selector),
                reason,
                Optional.ofNullable(time))
            .object(clock.instant());
    Validator.validate(halt).stream()
        .findFirst()
        .ifPresent(problem -> {
          throw new CommandFailure(problem.toString());
        });
    PrintWriter out = spec.commandLine().getOut();
    try (ResourceStore store = source.open()) {
      if (agent != null && store.get(new ResourceKey(Kind.AGENT, "", agent)).isEmpty()) {
        throw new CommandFailure("there is no agent " + agent);
      }
      store.create(halt);
    }
    out.println("halted by AgentHalt " + halt.name());
    out.flush();
    return 0;
  }
}
