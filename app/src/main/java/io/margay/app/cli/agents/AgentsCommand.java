package io.margay.app.cli.agents;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay agents}: who the agents are, what they may call, and who says so. */
@Command(
    name = "agents",
    description = "Shows agents and what they may call, decides about held calls, halts agents.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListAgentsCommand.class,
      ShowAgentCommand.class,
      CheckAgentsCommand.class,
      AgentSchemaCommand.class,
      AgentPoliciesCommand.class,
      VisibleCommand.class,
      VerifyCardCommand.class,
      AssessCommand.class,
      RedTeamCommand.class,
      ApprovalsCommand.class,
      BudgetsCommand.class,
      HaltCommand.class,
      ResumeCommand.class
    })
public final class AgentsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "agents: name a command, such as list or approvals");
  }
}
