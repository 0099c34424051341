package io.margay.app.cli.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.TextTable;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay agents budgets}. */
@Command(
    name = "budgets",
    description = {
      "Lists budgets, and for each account what is used, what calls under way have reserved, and the"
          + " limit.",
      "The gateway says so in the status of the budgets, every few seconds."
    },
    mixinStandardHelpOptions = true)
final class BudgetsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  private final Clock clock = Clock.systemUTC();

  /** Where an owner's account is kept by several gateways, what they spent is one sum. */
  private record Window(String owner, String ends) {}

  private record Spent(
      BigDecimal tokensUsed,
      BigDecimal tokensReserved,
      BigDecimal costUsed,
      BigDecimal costReserved) {

    static Spent of(JsonNode account) {
      return new Spent(
          account.path("tokensUsed").decimalValue(),
          account.path("tokensReserved").decimalValue(),
          account.path("costUsed").decimalValue(),
          account.path("costReserved").decimalValue());
    }

    Spent plus(Spent other) {
      return new Spent(
          tokensUsed.add(other.tokensUsed),
          tokensReserved.add(other.tokensReserved),
          costUsed.add(other.costUsed),
          costReserved.add(other.costReserved));
    }
  }

  @Override
  public Integer call() {
    TextTable table =
        new TextTable(
            List.of(
                "BUDGET",
                "ACCOUNT",
                "TOKENS USED",
                "RESERVED",
                "LIMIT",
                "COST USED",
                "RESERVED",
                "LIMIT",
                "FULL AGAIN"));
    try (ResourceStore store = source.open()) {
      store.list(Kind.BUDGET, "").items().stream()
          .sorted(Comparator.comparing(KubeObject::name))
          .forEach(budget -> add(table, budget));
    }
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.flush();
    return 0;
  }

  private void add(TextTable table, KubeObject budget) {
    JsonNode limits = budget.json().path("spec");
    Map<Window, Spent> accounts = new LinkedHashMap<>();
    for (JsonNode account : budget.json().at("/status/accounts")) {
      Window window =
          new Window(account.path("owner").asText(), account.path("windowEnds").asText());
      // Nothing has been spent in the next window yet.
      if (clock.instant().isBefore(Instant.parse(window.ends()))) {
        accounts.merge(window, Spent.of(account), Spent::plus);
      }
    }
    accounts.forEach((window, spent) ->
        table.add(
            List.of(
                budget.name(),
                window.owner(),
                number(spent.tokensUsed()),
                number(spent.tokensReserved()),
                number(limits.path("tokens")),
                number(spent.costUsed()),
                number(spent.costReserved()),
                number(limits.path("cost")),
                window.ends())));
    if (accounts.isEmpty()) {
      String each = "each " + limits.path("per").asText();
      table.add(
          List.of(
              budget.name(),
              each,
              "0",
              "0",
              number(limits.path("tokens")),
              "0",
              "0",
              number(limits.path("cost")),
              ""));
    }
  }

  private static String number(JsonNode number) {
    if (!number.isNumber()) {
      return "none";
    }
    return number(number.decimalValue());
  }

  private static String number(BigDecimal decimal) {
    return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
  }
}
