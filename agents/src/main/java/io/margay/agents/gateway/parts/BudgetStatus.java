package io.margay.agents.gateway.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.llm.Balance;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the status of budgets what was spent and is reserved. Each gateway writes the accounts
 * that it keeps beside those of the others; those of a gateway that is gone stay until their window
 * is over. Writing is best effort and holds up no call: what another writer changed meanwhile is
 * left for the next time.
 */
public final class BudgetStatus implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BudgetStatus.class);

  /** An object has to stay small: of more accounts of a gateway, the largest are told. */
  private static final int MOST_ACCOUNTS = 100;

  private static final String GATEWAY = "gateway";

  private final ResourceStore store;
  private final Budgets budgets;
  private final String gateway;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("budget-status").daemon().factory());

  /**
   * Writes to a store, which stays the caller's.
   *
   * @param gateway tells this gateway's accounts from those of others
   */
  public BudgetStatus(ResourceStore store, Budgets budgets, String gateway, InstantSource clock) {
    this.store = store;
    this.budgets = budgets;
    this.gateway = gateway;
    this.clock = clock;
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
        changed(object, balances.getOrDefault(object.name(), List.of())).ifPresent(this::update);
      }
    } catch (StoreException e) {
      log.info("The status of budgets is not up to date: {}", e.getMessage());
    }
  }

  private void update(KubeObject object) {
    try {
      store.updateStatus(object);
    } catch (StoreException e) {
      log.info("The status of budget {} is not up to date: {}", object.name(), e.getMessage());
    }
  }

  private Optional<KubeObject> changed(KubeObject object, List<Balance> balances) {
    ArrayNode accounts = JsonNodeFactory.instance.arrayNode();
    Stream.concat(
            StreamSupport.stream(object.json().at("/status/accounts").spliterator(), false)
                .filter(this::isOfOther),
            balances.stream()
                .sorted(
                    Comparator.comparingLong(BudgetStatus::taken)
                        .reversed()
                        .thenComparing(balance -> balance.key().owner()))
                .limit(MOST_ACCOUNTS)
                .map(this::account))
        // By gateway, or two of them would put their own last in turns and never come to rest.
        .sorted(Comparator.comparing((JsonNode account) -> account.path(GATEWAY).asText()))
        .forEach(accounts::add);
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

  /** An account that another gateway keeps, in a window that is not over. */
  private boolean isOfOther(JsonNode account) {
    String keeper = account.path(GATEWAY).asText();
    if (keeper.isEmpty() || keeper.equals(gateway)) {
      return false;
    }
    try {
      return clock.instant().isBefore(Instant.parse(account.path("windowEnds").asText()));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private ObjectNode account(Balance balance) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(GATEWAY, gateway)
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
