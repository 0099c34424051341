package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An explanation as text: each end's chain of tiers, and the rule that decided as YAML. */
final class WhyText {
  private final RuleSource rules;
  private final PrintWriter out;

  /** Where the YAML of rules comes from. */
  @FunctionalInterface
  interface RuleSource {
    /** The rule that a hit of a direction names, if it still exists. */
    Optional<String> rule(JsonNode hit, String direction);
  }

  WhyText(RuleSource rules, PrintWriter out) {
    this.rules = rules;
    this.out = out;
  }

  void print(JsonNode why) {
    String action = why.path("action").asText();
    String pending = why.path("pending_action").asText();
    out.printf(
        "%s -> %s %s: %s%n",
        why.path("from").asText(),
        why.path("to").asText(),
        traffic(why),
        pending.equals(action)
            ? action
            : action + " (with the staged policies enforced: " + pending + ")");
    for (JsonNode step : why.path("steps")) {
      out.println();
      printStep(step);
    }
    for (JsonNode note : why.path("notes")) {
      out.println();
      out.println("Note: " + note.asText() + ".");
    }
    if (!why.path("flip").isNull()) {
      out.println();
      out.printf("What would turn this into %s:%n", action.equals("Allow") ? "Deny" : "Allow");
      for (JsonNode change : why.at("/flip/changes")) {
        out.println("  " + change.path("statement").asText());
        printYaml(change.path("yaml").asText());
      }
    }
    out.flush();
  }

  private static String traffic(JsonNode why) {
    String protocol = why.path("protocol").asText();
    int port = why.path("port").asInt();
    if (protocol.startsWith("icmp")) {
      return protocol + " type " + (port >> 8) + " code " + (port & 0xff);
    }
    return port == 0 ? protocol : protocol + "/" + port;
  }

  private void printStep(JsonNode step) {
    String direction = step.path("direction").asText();
    JsonNode enforced = step.at("/policies/enforced");
    JsonNode pending = step.at("/policies/pending");
    out.printf(
        "%s at %s%s: %s%n",
        direction.equals("egress") ? "Egress" : "Ingress",
        step.path("endpoint").asText(),
        step.path("forwarding").asBoolean() ? " (forwarding)" : "",
        step.path("action").isNull() ? "not reached, denied before" : step.path("action").asText());
    printTiers(step);
    printChain(enforced, direction);
    if (step.path("pending_action").isNull()) {
      out.println("  pending: not reached, denied before");
    } else if (!sameSteps(enforced, pending)) {
      out.println("  pending: " + step.path("pending_action").asText());
      printChain(pending, direction);
    }
  }

  /** Who had a say, in the order in which they are asked. */
  private void printTiers(JsonNode step) {
    for (JsonNode tier : step.path("tiers")) {
      List<String> policies = new ArrayList<>();
      tier.path("policies").forEach(policy -> policies.add(HitText.name(policy)));
      out.printf("  tier %s: %s%n", tier.path("name").asText(), String.join(", ", policies));
    }
    for (JsonNode profile : step.path("profiles")) {
      out.println("  profile " + profile.asText());
    }
  }

  private void printYaml(String yaml) {
    yaml.lines().forEach(line -> out.println("         | " + line));
  }

  private static boolean sameSteps(JsonNode enforced, JsonNode pending) {
    return enforced.equals(pending);
  }

  private void printChain(JsonNode hits, String direction) {
    for (int i = 0; i < hits.size(); i++) {
      JsonNode hit = hits.get(i);
      out.printf("  => %-5s  %s%n", hit.path("action").asText(), HitText.of(hit));
      boolean decided = i == hits.size() - 1;
      if (decided && hit.path("rule_index").asInt() >= 0) {
        rules.rule(hit, direction).ifPresent(this::printYaml);
      }
    }
  }
}
