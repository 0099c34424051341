package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.flow.HitText;
import java.io.PrintWriter;

/** A recorded flow as text, with the chain that judged it then. */
final class FlowWhyText {
  private final PrintWriter out;

  FlowWhyText(PrintWriter out) {
    this.out = out;
  }

  void print(JsonNode flow) {
    out.printf(
        "%s -> %s %s: %s%n",
        FlowTable.peer(flow, "source"),
        FlowTable.peer(flow, "dest"),
        FlowTable.port(flow),
        flow.path("action").asText());
    out.printf(
        "recorded at the %s, %s to %s%n",
        flow.path("reporter").asText().equals("Src") ? "source" : "destination",
        flow.path("start_time").asText(),
        flow.path("end_time").asText());
    out.println("labels of the source: " + flow.path("source_labels").asText());
    out.println("labels of the destination: " + flow.path("dest_labels").asText());
    printChain("enforced then", flow.at("/policies/enforced"));
    if (!flow.at("/policies/pending").equals(flow.at("/policies/enforced"))) {
      printChain("with the staged policies of then", flow.at("/policies/pending"));
    }
    out.flush();
  }

  private void printChain(String which, JsonNode hits) {
    out.println(which + ":");
    for (JsonNode hit : hits) {
      out.printf("  => %-5s  %s%n", hit.path("action").asText(), HitText.of(hit));
    }
  }
}
