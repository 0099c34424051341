package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;
import java.util.Locale;

/** Proofs as text: a line for each assertion, and below it what speaks against it. */
final class ProofText {
  private final PrintWriter out;

  ProofText(PrintWriter out) {
    this.out = out;
  }

  void print(JsonNode proofs) {
    for (JsonNode proof : proofs.path("assertions")) {
      String result = proof.path("result").asText().toUpperCase(Locale.ROOT);
      out.printf("%-8s %s%n", result, proof.path("assertion").asText());
      proof.path("warnings").forEach(warning -> out.println("    " + warning.asText()));
      if (proof.path("counterexample").isObject()) {
        printCounterexample(proof.path("counterexample"));
      }
    }
    out.printf(
        "%d proven, %d with warnings, %d failed%n",
        proofs.path("proven").asInt(),
        proofs.path("warning").asInt(),
        proofs.path("failed").asInt());
  }

  private void printCounterexample(JsonNode found) {
    out.printf(
        "    %s -> %s %s: %s%n",
        found.path("from").asText(),
        found.path("to").asText(),
        found.path("traffic").asText(),
        found.path("action").asText());
    for (JsonNode step : found.path("steps")) {
      out.printf(
          "      %s at %s%n", step.path("direction").asText(), step.path("endpoint").asText());
      for (JsonNode hit : step.path("policies")) {
        out.printf("        => %-5s  %s%n", hit.path("action").asText(), HitText.of(hit));
      }
    }
  }
}
