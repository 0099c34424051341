package io.margay.app.cli.agents;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents resume}. */
@Command(
    name = "resume",
    description = {
      "Ends the halts of an agent, or one halt by its name.",
      "A halt of a selector ends by its own name only: it may hold others, too."
    },
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Parameters(paramLabel = "NAME", description = "The agent, or the AgentHalt.")
  private String name;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ResourceStore store = source.open()) {
      List<KubeObject> halts =
          store.list(Kind.AGENT_HALT, "").items().stream()
              .filter(halt ->
                  halt.name().equals(name)
                      || halt.json().path("spec").path("agent").asText().equals(name)
                          && !halt.json().path("spec").has("selector"))
              .toList();
      if (halts.isEmpty()) {
        throw new CommandFailure("no halt names " + name);
      }
      for (KubeObject halt : halts) {
        store.delete(halt.key(), "");
        out.println("ended AgentHalt " + halt.name());
      }
    }
    out.flush();
    return 0;
  }
}
