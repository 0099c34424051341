package io.margay.app.cli.agents;

import io.margay.app.cli.resources.TextTable;
import io.margay.model.resource.Agent;
import io.margay.model.resource.Kind;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay agents list}. */
@Command(
    name = "list",
    description = "Lists agents with their owners, and whether they can act.",
    mixinStandardHelpOptions = true)
final class ListAgentsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    RegistryOptions.Read read = registry.read();
    TextTable table = new TextTable(List.of("NAME", "OWNER", "TEAM", "RISK", "STATE", "SPIFFE-ID"));
    new TreeMap<>(read.registry().agents())
        .forEach((name, agent) -> table.add(row(read, name, agent)));
    read.problems().keySet().stream()
        .filter(key -> key.kind() == Kind.AGENT)
        .forEach(key -> table.add(List.of(key.name(), "", "", "", "refused", "")));
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.flush();
    return 0;
  }

  private List<String> row(RegistryOptions.Read read, String name, Agent agent) {
    boolean halted = read.registry().haltOf(name, clock.instant()).isPresent();
    return List.of(
        name,
        agent.spec().owner(),
        agent.spec().team(),
        agent.spec().riskLevel().name().toLowerCase(Locale.ROOT),
        halted ? "halted" : "ready",
        read.registry().spiffeIdOf(name));
  }
}
