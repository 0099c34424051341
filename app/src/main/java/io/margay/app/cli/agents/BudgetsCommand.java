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
import java.util.List;
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
    boolean any = false;
    for (JsonNode account : budget.json().at("/status/accounts")) {
      String ends = account.path("windowEnds").asText();
      // Nothing has been spent in the next window yet.
      if (clock.instant().isBefore(Instant.parse(ends))) {
        any = true;
        table.add(
            List.of(
                budget.name(),
                account.path("owner").asText(),
                number(account.path("tokensUsed")),
                number(account.path("tokensReserved")),
                number(limits.path("tokens")),
                number(account.path("costUsed")),
                number(account.path("costReserved")),
                number(limits.path("cost")),
                ends));
      }
    }
    if (!any) {
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
    BigDecimal decimal = number.decimalValue();
    return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
  }
}
