package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay policy unused}. */
@Command(
    name = "unused",
    description = {
      "Lists policies and rules that decided, passed or logged nothing for a time, enforced or"
          + " staged.",
      "Unused does not mean not needed: the list ends with what the flow history cannot know."
    },
    mixinStandardHelpOptions = true)
public final class PolicyUnusedCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "OWNER", "TIER", "KIND", "POLICY", "RULE", "LAST USED", "IN THIS GENERATION", "CREATED");

  @Spec private CommandSpec spec;

  @Option(
      names = {"-t", "--time"},
      paramLabel = "TIME",
      defaultValue = "90d",
      converter = DurationConverter.class,
      description = "For how long they were not used (default: ${DEFAULT-VALUE}).")
  private Duration time = Duration.ofDays(90);

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = {
        "Only policies that NAME answers for: their annotation or label margay.io/owner or owner,"
            + " else their namespace."
      })
  private @Nullable String owner;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.table;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "The console to ask (default: that of the running demo, or of margay up).")
  private @Nullable String console;

  /** How the list is printed. */
  enum Output {
    table,
    json,
    csv
  }

  @Override
  public Integer call() {
    JsonNode uses = ConsolePolicyUse.since(Optional.ofNullable(console), time);
    if (owner != null) {
      ((ObjectNode) uses).set("policies", ownedBy(owner, uses));
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case json -> out.println(uses.toPrettyString());
      case csv -> {
        out.println(Csv.line(COLUMNS));
        rows(uses).forEach(row -> out.println(Csv.line(row)));
      }
      case table -> print(uses, out);
    }
    out.flush();
    return 0;
  }

  private static ArrayNode ownedBy(String owner, JsonNode uses) {
    ArrayNode owned = JsonNodeFactory.instance.arrayNode();
    Set<String> owners = new TreeSet<>();
    for (JsonNode policy : uses.path("policies")) {
      owners.add(policy.path("owner").asText());
      if (policy.path("owner").asText().equals(owner)) {
        owned.add(policy);
      }
    }
    if (owned.isEmpty()) {
      owners.remove("");
      throw new CommandFailure(
          "--owner \"%s\": nobody of that name answers for a policy; there are: %s"
              .formatted(owner, String.join(", ", owners)));
    }
    return owned;
  }

  private static void print(JsonNode uses, PrintWriter out) {
    List<List<String>> rows = rows(uses);
    if (rows.isEmpty()) {
      out.println("Every policy and every rule was used.");
    } else {
      rows.addFirst(COLUMNS);
      FlowTable.print(rows, out);
    }
    out.println();
    String since = uses.path("since").asText();
    String recorded = uses.path("recorded_since").asText("");
    if (recorded.isEmpty()) {
      out.println("No flow is on record: nothing is known of any use.");
    } else if (recorded.compareTo(since) > 0) {
      out.printf("Asked since %s, but flows are on record since %s only.%n", since, recorded);
    }
    for (JsonNode gap : uses.path("gaps")) {
      out.printf(
          "No flow at all was recorded from %s to %s: it was quiet, or nobody collected.%n",
          gap.path("from").asText(), gap.path("to").asText());
    }
    out.println(
        "Unused means that no recorded flow met the rule; a yearly job or a failover may need it.");
  }

  /** A line for each policy of which nothing was used, else for each of its unused rules. */
  private static List<List<String>> rows(JsonNode uses) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode policy : uses.path("policies")) {
      if (policy.path("unused").asBoolean()) {
        rows.add(row(policy, "all", policy));
        continue;
      }
      for (JsonNode rule : policy.path("rules")) {
        if (rule.path("unused").asBoolean()) {
          String name = rule.path("direction").asText() + "[" + rule.path("index").asInt() + "]";
          rows.add(row(policy, name, rule));
        }
      }
    }
    return rows;
  }

  private static List<String> row(JsonNode policy, String rule, JsonNode use) {
    String namespace = policy.path("namespace").asText();
    String name = policy.path("name").asText();
    return List.of(
        policy.path("owner").asText().isEmpty() ? "nobody" : policy.path("owner").asText(),
        policy.path("tier").asText(),
        policy.path("kind").asText(),
        namespace.isEmpty() ? name : namespace + "/" + name,
        rule,
        use.path("last_used").asText("never"),
        inThisGeneration(use.path("in_this_generation")),
        policy.path("created_at").asText("unknown"));
  }

  private static String inThisGeneration(JsonNode used) {
    return used.isNull() ? "unknown" : used.asBoolean() ? "yes" : "not yet";
  }
}
