package io.margay.app.cli.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.temporal.ChronoUnit;
import java.util.Locale;
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
    KubeObject halt = halt();
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

  private KubeObject halt() {
    String moment = Long.toString(clock.millis(), Character.MAX_RADIX).toLowerCase(Locale.ROOT);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", Kind.AGENT_HALT.apiVersion()).put("kind", Kind.AGENT_HALT.kind());
    json.putObject("metadata").put("name", (agent == null ? "selected" : agent) + "-" + moment);
    ObjectNode of = json.putObject("spec").put("reason", reason);
    if (agent != null) {
      of.put("agent", agent);
    }
    if (selector != null) {
      of.put("selector", selector);
    }
    if (time != null) {
      of.put("until", clock.instant().plus(time).truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return new KubeObject(Kind.AGENT_HALT, json);
  }
}
