package io.margay.agents.gateway.parts;

import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.llm.Account;
import io.margay.agents.gateway.llm.Budgets.Exceeded;
import io.margay.agents.gateway.llm.LlmDoor;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.Agent;
import io.margay.model.resource.Budget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The accounts that a call draws from, by the budgets that the registry has now. */
public final class RegistryBudgets implements LlmDoor.BudgetSource {
  /** A budget may be mended at any time. */
  private static final long MENDED_SECONDS = 60;

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MILLIONTHS = 6;

  private final Supplier<RegistrySnapshot> registry;
  private final int gateways;

  /**
   * @param gateways among how many each budget is divided. Each counts for itself, so each has only
   *     its part of what a budget allows: together they never spend more
   */
  public RegistryBudgets(Supplier<RegistrySnapshot> registry, int gateways) {
    this.registry = registry;
    this.gateways = gateways;
  }

  @Override
  public List<Account> of(Caller caller, Target model) throws Exceeded {
    RegistrySnapshot now = registry.get();
    Agent agent = now.bySpiffeId().get(caller.workload());
    if (agent == null) {
      // Nothing that it calls is permitted.
      return List.of();
    }
    List<Account> accounts = new ArrayList<>();
    for (Budget budget : now.budgetsOf(agent, model.server(), model.name())) {
      if (now.isWrong(budget)) {
        throw new Exceeded(
            "budget %s cannot be read, so no model may be called until it is mended or deleted"
                .formatted(budget.metadata().name()),
            MENDED_SECONDS);
      }
      accounts.add(account(budget, agent, caller));
    }
    return accounts;
  }

  private Account account(Budget budget, Agent agent, Caller caller) {
    Budget.Spec spec = budget.spec();
    Long tokens = spec.tokens();
    return new Account(
        budget.metadata().name(),
        owner(spec.per(), agent, caller),
        tokens == null ? Long.MAX_VALUE : tokens / gateways,
        spec.cost() == null ? Long.MAX_VALUE : millionths(spec.cost()) / gateways,
        spec.window());
  }

  /** Who is in no team, or has no user, shares an account: nobody gets by on that. */
  private static String owner(Budget.Per per, Agent agent, Caller caller) {
    return switch (per) {
      case AGENT -> "agent:" + agent.metadata().name();
      case TEAM -> agent.spec().team().isEmpty() ? "no team" : "team:" + agent.spec().team();
      case USER ->
          caller
              .user()
              .map(user -> "user:" + user.issuer() + " " + user.subject())
              .orElse("no user");
    };
  }

  private static long millionths(BigDecimal cost) {
    return cost.movePointRight(MILLIONTHS).setScale(0, RoundingMode.DOWN).min(MOST).longValue();
  }
}
