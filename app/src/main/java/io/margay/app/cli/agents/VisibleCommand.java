package io.margay.app.cli.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay agents visible}. */
@Command(
    name = "visible",
    description = "Lists the tools that an agent may call, for some arguments at least.",
    mixinStandardHelpOptions = true)
final class VisibleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOptions registry;

  @Parameters(paramLabel = "AGENT", description = "The agent.")
  private String name;

  @Option(names = "--user", paramLabel = "SUBJECT", description = "On behalf of this user.")
  private @Nullable String user;

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      defaultValue = "",
      description = "Who issued the user's token.")
  private String issuer = "";

  @Option(names = "--group", paramLabel = "NAME", description = "A group of the user; repeatable.")
  private List<String> groups = List.of();

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    RegistryOptions.Read read = registry.read();
    String workload = read.registry().spiffeIdOf(read.agent(name).metadata().name());
    Optional<User> onBehalf = Optional.ofNullable(user).map(u -> new User(issuer, u, groups));
    List<Target> tools = new ArrayList<>();
    new TreeMap<>(read.registry().toolServers())
        .forEach((server, known) ->
            known
                .spec()
                .tools()
                .forEach(tool -> tools.add(new Target(Target.Kind.TOOL, server, tool.name()))));
    AgentCall call =
        new AgentCall(
            Protocol.MCP,
            "invokeTool",
            new Caller(workload, onBehalf, List.of(workload), "", List.of()),
            new Target(Target.Kind.TOOL, "", ""),
            JsonNodeFactory.instance.objectNode(),
            new TraceContext("", "", ""),
            clock.instant());
    PrintWriter out = spec.commandLine().getOut();
    read.decider()
        .visible(call, tools)
        .forEach(tool -> out.println(tool.server() + "/" + tool.name()));
    out.flush();
    return 0;
  }
}
