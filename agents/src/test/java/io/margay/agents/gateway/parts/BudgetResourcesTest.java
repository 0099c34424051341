package io.margay.agents.gateway.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.agents.call.User;
import io.margay.agents.gateway.llm.Account;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.gateway.llm.Budgets.Exceeded;
import io.margay.agents.gateway.llm.Budgets.Reservation;
import io.margay.agents.registry.AgentRegistry;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Budgets as resources: which accounts calls draw from, and what the status says. */
class BudgetResourcesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:30:00Z");
  private static final Target SMALL = new Target(Target.Kind.MODEL, "openai", "small");
  private static final Target LARGE = new Target(Target.Kind.MODEL, "openai", "large");

  private final MemoryStore store = new MemoryStore();

  @AfterEach
  void close() {
    store.close();
  }

  private void create(String text) {
    Manifests.Result read = Manifests.read("budgets.yaml", text);
    assertThat(read.problems()).isEmpty();
    read.objects().forEach(store::create);
  }

  private RegistrySnapshot registry() {
    return AgentRegistry.read(store, "example.org");
  }

  private List<Account> accounts(String agent, String user, Target model) throws Exceeded {
    return accounts(agent, user, model, 1);
  }

  private List<Account> accounts(String agent, String user, Target model, int gateways)
      throws Exceeded {
    String workload = "spiffe://example.org/agent/" + agent;
    Optional<User> onBehalf =
        user.isEmpty()
            ? Optional.empty()
            : Optional.of(new User("https://login.example.org", user, List.of()));
    Caller caller = new Caller(workload, onBehalf, List.of(workload), "", List.of());
    return new RegistryBudgets(this::registry, gateways).of(caller, model);
  }

  private void world() {
    create(
        """
        apiVersion: agents.margay.io/v1alpha1
        kind: Agent
        metadata: {name: analyst}
        spec: {owner: ana, team: finance}
        ---
        apiVersion: agents.margay.io/v1alpha1
        kind: Agent
        metadata: {name: loner}
        spec: {owner: ana}
        ---
        apiVersion: agents.margay.io/v1alpha1
        kind: Budget
        metadata: {name: finance-daily}
        spec: {per: Team, selector: "team == 'finance'", tokens: 1000, windowSeconds: 86400}
        ---
        apiVersion: agents.margay.io/v1alpha1
        kind: Budget
        metadata: {name: large-models}
        spec: {per: User, models: [openai/large], cost: 2.5, windowSeconds: 3600}
        """);
  }

  @Test
  void aCallDrawsFromEveryBudgetThatCoversIt() throws Exception {
    world();
    Account team =
        new Account("finance-daily", "team:finance", 1_000, Long.MAX_VALUE, Duration.ofDays(1));
    assertThat(accounts("analyst", "una", SMALL)).containsExactly(team);
    assertThat(accounts("analyst", "una", LARGE))
        .containsExactly(
            team,
            new Account(
                "large-models",
                "user:https://login.example.org una",
                Long.MAX_VALUE,
                2_500_000,
                Duration.ofHours(1)));
    assertThat(accounts("loner", "", SMALL)).isEmpty();
    // Without a user nobody gets by.
    assertThat(accounts("loner", "", LARGE)).extracting(Account::owner).containsExactly("no user");
  }

  /** Three of them: 3 × 333 tokens are not more than 1000, and what is not limited stays so. */
  @Test
  void gatewaysThatShareTheWorkShareEachBudget() throws Exception {
    world();
    assertThat(accounts("analyst", "una", LARGE, 3))
        .extracting(Account::tokens)
        .containsExactly(333L, Long.MAX_VALUE);
    assertThat(accounts("analyst", "una", LARGE, 3))
        .extracting(Account::cost)
        .containsExactly(Long.MAX_VALUE, 833_333L);
  }

  @Test
  void aBudgetThatCannotBeReadAllowsNothing() throws Exception {
    world();
    ResourceKey key = new ResourceKey(Kind.BUDGET, "", "finance-daily");
    KubeObject broken = store.get(key).orElseThrow();
    broken.json().withObjectProperty("spec").put("per", "Planet");
    store.update(broken);
    assertThatThrownBy(() -> accounts("loner", "una", SMALL))
        .isInstanceOfSatisfying(
            Exceeded.class,
            e -> assertThat(e.reason()).startsWith("budget finance-daily cannot be read"));
  }

  @Test
  void theStatusSaysWhatWasSpentAndIsReserved() throws Exception {
    world();
    try (Budgets budgets = new Budgets(() -> NOW);
        BudgetStatus status = new BudgetStatus(store, budgets, "gateway-b", () -> NOW)) {
      Reservation reserved = budgets.reserve(accounts("analyst", "una", LARGE), 100, 2_000_000);
      budgets.reserve(accounts("analyst", "", SMALL), 50, 0).settle(20, 0);
      status.write();
      assertThat(account("finance-daily"))
          .isEqualTo(
              "{\"gateway\":\"gateway-b\",\"owner\":\"team:finance\",\"windowEnds\":\"2026-11-29T00:00:00Z\","
                  + "\"tokensUsed\":20,\"tokensReserved\":100,\"costUsed\":0.0,\"costReserved\":2.0}");

      reserved.settle(90, 1_500_000);
      status.write();
      assertThat(account("large-models"))
          .contains("\"tokensUsed\":90,\"tokensReserved\":0,\"costUsed\":1.5,\"costReserved\":0.0");
      String version = version();
      status.write();
      assertThat(version()).isEqualTo(version);
    }
    assertThat(registry().problems()).isEmpty();
  }

  @Test
  void gatewaysLeaveTheAccountsOfEachOther() throws Exception {
    world();
    try (Budgets ours = new Budgets(() -> NOW);
        Budgets theirs = new Budgets(() -> NOW);
        BudgetStatus status = new BudgetStatus(store, ours, "gateway-b", () -> NOW);
        BudgetStatus other = new BudgetStatus(store, theirs, "gateway-a", () -> NOW)) {
      ours.reserve(accounts("analyst", "una", LARGE), 100, 0).settle(70, 0);
      theirs.reserve(accounts("analyst", "una", LARGE), 100, 0).settle(30, 0);
      status.write();
      other.write();
      assertThat(keepers("large-models")).containsExactly("gateway-a 30", "gateway-b 70");

      String version = version();
      status.write();
      other.write();
      assertThat(version()).isEqualTo(version);

      Instant next = NOW.plus(Duration.ofDays(400));
      try (Budgets later = new Budgets(() -> next);
          BudgetStatus restarted = new BudgetStatus(store, later, "gateway-b", () -> next)) {
        restarted.write();
        assertThat(keepers("large-models")).isEmpty();
      }
    }
  }

  private List<String> keepers(String budget) {
    List<String> keepers = new ArrayList<>();
    for (JsonNode account : object(budget).json().at("/status/accounts")) {
      keepers.add(account.path("gateway").asText() + " " + account.path("tokensUsed").asText());
    }
    return keepers;
  }

  private String account(String budget) {
    return object(budget).json().at("/status/accounts/0").toString();
  }

  private String version() {
    return object("large-models").json().at("/metadata/resourceVersion").asText();
  }

  private KubeObject object(String budget) {
    return store.get(new ResourceKey(Kind.BUDGET, "", budget)).orElseThrow();
  }
}
