package io.margay.app.cli.agents;

import io.margay.app.cli.resources.TextTable;
import io.margay.model.resource.AgentPolicy;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay agents policies}. */
@Command(
    name = "policies",
    description = "Lists the policies about agents in the order in which their tiers decide.",
    mixinStandardHelpOptions = true)
final class AgentPoliciesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() {
    RegistryOptions.Read read = registry.read();
    Map<String, Double> orders = read.registry().tierOrders();
    TextTable table = new TextTable(List.of("TIER", "POLICY", "ENFORCEMENT", "STATE"));
    read.registry().policies().stream()
        .sorted(
            Comparator.<AgentPolicy>comparingDouble(
                    policy -> orders.getOrDefault(policy.spec().tier(), Double.POSITIVE_INFINITY))
                .thenComparing(policy -> policy.spec().tier())
                .thenComparing(policy -> policy.metadata().name()))
        .forEach(policy ->
            table.add(
                List.of(
                    policy.spec().tier(),
                    policy.metadata().name(),
                    policy.spec().staged() ? "Staged" : "Enforced",
                    read.problems().containsKey(policy.key()) ? "refused" : "ready")));
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.flush();
    return 0;
  }
}
