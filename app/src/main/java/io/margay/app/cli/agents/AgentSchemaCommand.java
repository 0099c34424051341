package io.margay.app.cli.agents;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay agents schema}. */
@Command(
    name = "schema",
    description = "Prints the Cedar schema that policies about agents must fit.",
    mixinStandardHelpOptions = true)
final class AgentSchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(registry.read().registry().schemaText());
    out.flush();
    return 0;
  }
}
