package io.margay.app.cli.agents;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay agents check}. */
@Command(
    name = "check",
    description = {
      "Tells what is wrong with agents, tools and policies.",
      "Exit codes: 0 nothing, 2 something, 1 it could not be read."
    },
    mixinStandardHelpOptions = true)
final class CheckAgentsCommand implements Callable<Integer> {
  private static final int WRONG = 2;

  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() {
    RegistryOptions.Read read = registry.read();
    Map<ResourceKey, List<Problem>> problems = read.problems();
    PrintWriter out = spec.commandLine().getOut();
    problems.values().forEach(all -> all.forEach(out::println));
    if (problems.isEmpty()) {
      out.println(
          read.registry().agents().size()
              + " agents, "
              + read.registry().toolServers().size()
              + " tool servers, "
              + read.registry().providers().size()
              + " model providers, "
              + read.registry().policies().size()
              + " policies: nothing is wrong");
    }
    out.flush();
    return problems.isEmpty() ? 0 : WRONG;
  }
}
