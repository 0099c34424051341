package io.margay.agents.gateway.parts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.llm.Balance;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the status of budgets what was spent and is reserved. Writing is best effort and holds up
 * no call: what another writer changed meanwhile is left for the next time.
 */
public final class BudgetStatus implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BudgetStatus.class);

  /** An object has to stay small: of more accounts, those that spent most are told. */
  private static final int MOST_ACCOUNTS = 100;

  private final ResourceStore store;
  private final Budgets budgets;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("budget-status").daemon().factory());

  /** Writes to a store, which stays the caller's. */
  public BudgetStatus(ResourceStore store, Budgets budgets) {
    this.store = store;
    this.budgets = budgets;
  }

  /** Writes after each pause. */
  public void start(Duration pause) {
    timer.scheduleWithFixedDelay(
        this::write, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Writes what has changed. */
  public void write() {
    try {
      Map<String, List<Balance>> balances =
          budgets.balances().stream()
              .collect(Collectors.groupingBy(balance -> balance.key().budget()));
      for (KubeObject object : store.list(Kind.BUDGET, "").items()) {
        changed(object, balances.getOrDefault(object.name(), List.of()))
            .ifPresent(store::updateStatus);
      }
    } catch (StoreException e) {
      log.info("The status of budgets is not up to date: {}", e.getMessage());
    }
  }

  private static Optional<KubeObject> changed(KubeObject object, List<Balance> balances) {
    ArrayNode accounts = JsonNodeFactory.instance.arrayNode();
    balances.stream()
        .sorted(
            Comparator.comparingLong(BudgetStatus::taken)
                .reversed()
                .thenComparing(balance -> balance.key().owner()))
        .limit(MOST_ACCOUNTS)
        .forEach(balance -> accounts.add(account(balance)));
    // By way of text, since a number may be another kind of node in one of the two.
    if (accounts.toString().equals(object.json().at("/status/accounts").toString())
        || (accounts.isEmpty() && object.json().at("/status/accounts").isEmpty())) {
      return Optional.empty();
    }
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("status").set("accounts", accounts);
    return Optional.of(new KubeObject(Kind.BUDGET, json));
  }

  private static long taken(Balance balance) {
    return balance.tokens() + balance.reservedTokens();
  }

  private static ObjectNode account(Balance balance) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("owner", balance.key().owner())
        .put("windowEnds", balance.key().ends().toString())
        .put("tokensUsed", balance.tokens())
        .put("tokensReserved", balance.reservedTokens())
        .put("costUsed", balance.cost() / 1e6)
        .put("costReserved", balance.reservedCost() / 1e6);
  }

  @Override
  public void close() {
    timer.close();
  }
}
